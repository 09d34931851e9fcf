import { localStore } from '../storage';

/** Remembers that the local administrator has signed in with this browser: nobody else needs to be asked about. */
const SEEN = 'burnbag.signed-in';

/**
 * How people sign in here, as the server has written it into the page, so that a page needs no request to know it:
 * `local` where only the administrator does; undefined where nobody does.
 */
export function signInOffer(): 'oidc' | 'local' | undefined {
  // The shells are drawn where there is no document.
  if (typeof document === 'undefined') return undefined;
  const offer = document.documentElement.dataset['signIn'];
  return offer === 'oidc' || offer === 'local' ? offer : undefined;
}

/** Whether each page has to ask who is signed in. Where anybody may do everything, readers and senders never ask. */
export const asksForSession = (): boolean =>
  signInOffer() === 'oidc' || (signInOffer() === 'local' && localStore.get(SEEN) !== undefined);

export function rememberSignIn(signedIn: boolean): void {
  if (signedIn) localStore.set(SEEN, 'yes');
  else localStore.remove(SEEN);
}
