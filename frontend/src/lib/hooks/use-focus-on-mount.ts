import { type RefObject, useEffect } from 'react';

/** Puts the caret or the focus where the next act is, once, when it appears. */
export function useFocusOnMount(target: RefObject<HTMLElement | null>): void {
  useEffect(() => target.current?.focus(), [target]);
}
