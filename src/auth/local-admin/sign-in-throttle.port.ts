/** Name and IP address of an attempt: both are hashes, so that the store knows neither. */
export interface SignInTry {
  readonly name: string;
  readonly address: string;
}

/**
 * Limits guessing. Each method throws ProblemError store_unavailable when the store is down: every guess is
 * counted.
 */
export interface SignInThrottle {
  /**
   * Counts an attempt before its password is checked. @returns ms to wait when it is refused, else undefined
   */
  begin(attempt: SignInTry): Promise<number | undefined>;
  /** The password was right. */
  succeeded(attempt: SignInTry): Promise<void>;
  /** The password was not checked. */
  undo(attempt: SignInTry): Promise<void>;
}
