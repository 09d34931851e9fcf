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

/** Where the replicas of one portal announce which keys they hold. */
export interface ReplicaRegistry {
  /**
   * Announces the keys; to be repeated, since an entry expires after SILENCE_MS. @returns the other replicas
   */
  announce(held: HeldKeys): Promise<Replica[]>;
  /** Removes this replica. */
  leave(): Promise<void>;
  /**
   * Compares key ids with the keys that this store was used with, and stores new ones.
   * @param fingerprints see keyFingerprints
   * @throws RedisUnfitError when an id belongs to other bytes there
   */
  bind(fingerprints: ReadonlyMap<number, Buffer>): Promise<void>;
}

/** Four announcements: a replica that is delayed for a moment does not count as dead. */
export const SILENCE_MS = 20_000;
