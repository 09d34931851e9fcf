/** Who tries: both are hashes, so that the store knows neither. */
export interface SignInTry {
  readonly name: string;
  readonly address: string;
}

/** Stops guessing. Each method throws ProblemError store_unavailable when the store is away: no guess is free. */
export interface SignInGuard {
  /** Counts a try before its password is looked at. @returns ms to wait when it is refused, else undefined */
  begin(attempt: SignInTry): Promise<number | undefined>;
  /** The password was right. */
  succeeded(attempt: SignInTry): Promise<void>;
  /** The password was not looked at. */
  undo(attempt: SignInTry): Promise<void>;
}
export const SIGN_IN_GUARD = Symbol('SignInGuard');
