/** Which keys a running replica holds. */
export interface HeldKeys {
  /** The key that it seals with; undefined while it has not decided. */
  readonly primary: number | undefined;
  /** The keys that it can open with, the primary among them. */
  readonly ids: readonly number[];
}

export interface Replica extends HeldKeys {
  /** Host, process and a random part: for the operator to find it by. */
  readonly name: string;
}

/** Where the replicas of one portal tell each other which keys they hold. */
export interface ReplicaRegistry {
  /** Says it anew; to be repeated, since who is silent for SILENCE_MS is forgotten. @returns the other replicas */
  announce(held: HeldKeys): Promise<Replica[]>;
  /** This replica ends. */
  leave(): Promise<void>;
  /**
   * Compares key ids with the keys that this store was used with, and remembers new ones.
   * @param fingerprints see keyFingerprints
   * @throws RedisUnfitError when an id stands for other bytes there
   */
  bind(fingerprints: ReadonlyMap<number, Buffer>): Promise<void>;
}

/** Four announcements: a replica that is held up for a moment is not taken for dead. */
export const SILENCE_MS = 20_000;
