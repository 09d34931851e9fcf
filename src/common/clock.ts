/** Where the time comes from; injected, so that a test can stop it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}
export const CLOCK = Symbol('Clock');
export const systemClock: Clock = { now: () => Date.now() };
