/**
 * On plain http (no TLS, not localhost) a browser hides `crypto.subtle`, and the age library then fails instead of
 * taking its own X25519. This says "not supported" in its place, which the library understands.
 */
export function ensureWebCryptoFallback(): void {
  if (globalThis.crypto.subtle) return;
  const importKey = () => Promise.reject(new DOMException('X25519 is missing', 'NotSupportedError'));
  Object.defineProperty(globalThis.crypto, 'subtle', { configurable: true, value: { importKey } });
}
