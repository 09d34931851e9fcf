import { useEffect, useSyncExternalStore } from 'react';
import { holdUnsaved, isUnsaved, subscribeUnsaved } from './unsaved-store';

/** Says that this page holds something that is nowhere else: links that would leave it open another tab meanwhile. */
export function useUnsaved(holds: boolean): void {
  useEffect(() => (holds ? holdUnsaved() : undefined), [holds]);
}

/** What a link that leaves the page needs, so that nothing is lost by it. */
export function useLeavingTarget(): { target: '_blank'; rel: 'noreferrer' } | undefined {
  const isHeld = useSyncExternalStore(subscribeUnsaved, isUnsaved, () => false);
  return isHeld ? { target: '_blank', rel: 'noreferrer' } : undefined;
}
