import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Handles keys pressed anywhere inside an element, for shortcuts such as Escape. */
export function useKeyDown(
  target: RefObject<HTMLElement | null>,
  onKeyDown: (event: KeyboardEvent) => void,
): void {
  const hear = useEffectEvent(onKeyDown);
  useEffect(() => {
    const element = target.current;
    const listener = (event: KeyboardEvent) => hear(event);
    element?.addEventListener('keydown', listener);
    return () => element?.removeEventListener('keydown', listener);
  }, [target]);
}
