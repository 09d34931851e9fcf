/**
 * Keeps key-encryption keys wrapped at rest: the stored form of a key is made by the provider, and the portal
 * holds the key itself in memory only. Used at a start and when the key file has changed, never for a
 * request.
 */
export interface KeyProvider {
  /** Name for the operator. */
  readonly name: string;
  /** @param key 32 bytes @returns one word that {@link unwrap} opens again @throws KeySourceError */
  wrap(key: Uint8Array): Promise<string>;
  /** @returns 32 bytes @throws KeySourceError when the provider cannot be reached or refuses */
  unwrap(wrapped: string): Promise<Buffer>;
}
