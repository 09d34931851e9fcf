/** Result of `take`: the record, `wrong-state` (the record stays), or undefined when it does not exist. */
export type TakenSignIn = Buffer | 'wrong-state' | undefined;

/**
 * Keeps the state of a sign-in until the browser comes back from the provider. May throw store_unavailable.
 */
export interface SignIns {
  /**
   * @param id 16 bytes: of the hash of the browser's cookie @param state 32 bytes: the hash of the expected
   * state
   * @param record sealed; the store cannot read it @param ttlMs until it expires
   */
  save(id: Buffer, state: Buffer, record: Buffer, ttlMs: number): Promise<void>;
  /** Returns the record once, to the request with its state. */
  take(id: Buffer, state: Buffer): Promise<TakenSignIn>;
}
