import { useEffect, useSyncExternalStore } from 'react';

/** How many parts of the page hold what leaving it would lose. */
let holders = 0;
const listeners = new Set<() => void>();

function change(by: number): void {
  holders += by;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says that this page holds something that is nowhere else: links that would leave it open another tab meanwhile. */
export function useUnsaved(holds: boolean): void {
  useEffect(() => {
    if (!holds) return;
    change(1);
    return () => change(-1);
  }, [holds]);
}

/** What a link that leaves the page needs, so that nothing is lost by it. */
export function useLeavingTarget(): { target: '_blank'; rel: 'noreferrer' } | undefined {
  const isHeld = useSyncExternalStore(
    subscribe,
    () => holders > 0,
    () => false,
  );
  return isHeld ? { target: '_blank', rel: 'noreferrer' } : undefined;
}
