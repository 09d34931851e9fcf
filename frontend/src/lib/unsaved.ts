import { useEffect, useSyncExternalStore } from 'react';
import { holdUnsaved, isUnsaved, subscribeUnsaved } from './unsaved-store';

/**
 * Says that this page holds something that is nowhere else. Until it does not, leaving the page is asked about
 * ({@link ./leave-guard}), and links that know of it open another tab ({@link useLeavingTarget}).
 */
export function useUnsaved(holds: boolean): void {
  useEffect(() => (holds ? holdUnsaved() : undefined), [holds]);
}

/** What a link that leaves the page needs, so that nothing is lost by it. */
export function useLeavingTarget(): { target: '_blank'; rel: 'noreferrer' } | undefined {
  const isHeld = useSyncExternalStore(subscribeUnsaved, isUnsaved, () => false);
  return isHeld ? { target: '_blank', rel: 'noreferrer' } : undefined;
}
