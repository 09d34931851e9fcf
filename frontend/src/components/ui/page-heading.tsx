import { type ReactNode, useLayoutEffect, useRef } from 'react';

/**
 * The h1 of a state. It takes the focus when the state appears, so that it is read out and Tab continues from
 * it.
 */
export function PageHeading({ children, focus = true }: { children: ReactNode; focus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
