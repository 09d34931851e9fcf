import { sessionStore } from '../storage';

/** One at a time: a person who signs in comes back to this tab, or starts over. */
const KEY = 'burnbag.fragment';

/**
 * Keeps the fragment of a link (its key) in this tab during a sign-in: neither the server nor the provider
 * may see it.
 * @param pathname of the page that is left @param hash with the #
 */
export function keepFragment(pathname: string, hash: string): void {
  if (hash !== '') sessionStore.set(KEY, JSON.stringify([pathname, hash]));
}

/** @returns the fragment that was kept for this page, once; an empty text when there is none */
export function takeFragment(pathname: string): string {
  const kept = sessionStore.get(KEY);
  if (kept === undefined) return '';
  sessionStore.remove(KEY);
  try {
    const [path, hash] = JSON.parse(kept) as [unknown, unknown];
    return path === pathname && typeof hash === 'string' && hash.startsWith('#') ? hash : '';
  } catch {
    return '';
  }
}
