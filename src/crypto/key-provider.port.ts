/**
 * Keeps key-encryption keys closed at rest: what is written down of a key is what the provider made of it, and the
 * portal holds the key itself in memory only. Asked at a start and when the key file has changed, never for a request.
 */
export interface KeyProvider {
  /** As an operator knows it. */
  readonly name: string;
  /** @param key 32 bytes @returns one word that {@link unwrap} opens again @throws KeySourceError */
  wrap(key: Uint8Array): Promise<string>;
  /** @returns 32 bytes @throws KeySourceError when the provider cannot be reached or refuses */
  unwrap(wrapped: string): Promise<Buffer>;
}
