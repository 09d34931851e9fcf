/**
 * On plain http (no TLS, not localhost) a browser hides `crypto.subtle`, and the age library then fails
 * instead of using its own X25519. This throws "not supported" instead, which the library handles.
 */
export function ensureWebCryptoFallback(): void {
  if (globalThis.crypto.subtle) return;
  const importKey = () => Promise.reject(new DOMException('X25519 is missing', 'NotSupportedError'));
  Object.defineProperty(globalThis.crypto, 'subtle', { configurable: true, value: { importKey } });
}
