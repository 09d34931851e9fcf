import { localStore } from '../storage';

/**
 * Remembers that the local administrator has signed in with this browser: only then the session is requested.
 */
const SEEN = 'burnbag.signed-in';

/**
 * Ways to sign in, as the server has written them into the page, so that a page needs no request for them:
 * `local` when only the administrator signs in; undefined without a sign-in.
 */
function signInOffer(): 'oidc' | 'local' | undefined {
  // The shells are drawn where there is no document.
  if (typeof document === 'undefined') return undefined;
  const offer = document.documentElement.dataset['signIn'];
  return offer === 'oidc' || offer === 'local' ? offer : undefined;
}

/** Whether each page must read the session. Where anyone may do everything, readers and senders never ask. */
export const asksForSession = (): boolean =>
  signInOffer() === 'oidc' || (signInOffer() === 'local' && localStore.get(SEEN) !== undefined);

export function rememberSignIn(signedIn: boolean): void {
  if (signedIn) localStore.set(SEEN, 'yes');
  else localStore.remove(SEEN);
}
