import { useEffect, useSyncExternalStore } from 'react';
import { holdUnsaved, isUnsaved, subscribeUnsaved } from './unsaved-store';

/**
 * Marks the page as having unsaved content. While it has, leaving the page needs an answer ({@link
 * ./leave-guard}), and links open another tab ({@link useLeavingTarget}).
 */
export function useUnsaved(holds: boolean): void {
  useEffect(() => (holds ? holdUnsaved() : undefined), [holds]);
}

/** Props for a link that leaves the page, so that it loses nothing. */
export function useLeavingTarget(): { target: '_blank'; rel: 'noreferrer' } | undefined {
  const isHeld = useSyncExternalStore(subscribeUnsaved, isUnsaved, () => false);
  return isHeld ? { target: '_blank', rel: 'noreferrer' } : undefined;
}
