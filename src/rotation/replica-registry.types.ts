/** Which keys a running replica holds. */
export interface HeldKeys {
  /** The key that it seals with; undefined before its first decision. */
  readonly primary: number | undefined;
  /** The keys that it can open with, the primary among them. */
  readonly ids: readonly number[];
}

export interface Replica extends HeldKeys {
  /** Host, process and a random part, by which the operator can find it. */
  readonly name: string;
}

/** Four announcements: a replica that is delayed for a moment does not count as dead. */
export const SILENCE_MS = 20_000;
