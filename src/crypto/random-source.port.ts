import { randomBytes } from 'node:crypto';

/** Source of keys and nonces. Injected so that frozen vectors can be written again byte for byte. */
export interface RandomSource {
  /** @returns `length` fresh bytes in memory of their own (the caller may wipe them). */
  bytes(length: number): Buffer;
}

export const RANDOM_SOURCE = Symbol('RandomSource');

export const systemRandom: RandomSource = { bytes: (length) => randomBytes(length) };
