/** What `take` answers: the record, `wrong-state` (it stays), or undefined when there is none (any more). */
export type TakenSignIn = Buffer | 'wrong-state' | undefined;

/** Keeps what a sign-in needs until the browser comes back from the provider. May throw store_unavailable. */
export interface SignIns {
  /**
   * @param id 16 bytes: of the hash of the browser's cookie @param state 32 bytes: the hash of what must come back
   * @param record sealed; the store cannot read it @param ttlMs until it is forgotten
   */
  save(id: Buffer, state: Buffer, record: Buffer, ttlMs: number): Promise<void>;
  /** Gives the record once, to whoever brings its state. */
  take(id: Buffer, state: Buffer): Promise<TakenSignIn>;
}

export const SIGN_INS = Symbol('SignIns');
