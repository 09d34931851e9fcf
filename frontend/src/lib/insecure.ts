/**
 * Whether the browser treats this page as insecure: plain http with a name other than localhost. It then
 * hides the clipboard API and may block downloads.
 */
export const isInsecure = (): boolean => globalThis.isSecureContext === false;
