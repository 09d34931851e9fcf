import { type RefObject, useEffect } from 'react';

/** Focuses the element of the next action once, when it appears. */
export function useFocusOnMount(target: RefObject<HTMLElement | null>): void {
  useEffect(() => target.current?.focus(), [target]);
}
