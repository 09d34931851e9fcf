/**
 * Whether the browser takes this page for insecure: plain http with a name other than localhost. It then hides the
 * clipboard API and may hold downloads back.
 */
export const isInsecure = (): boolean => globalThis.isSecureContext === false;
