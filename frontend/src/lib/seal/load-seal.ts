/** Fetches the sealing code, once. Pages call it early, so that a broken connection shows before a claim is made. */
export const loadSeal = () => import('./index');
