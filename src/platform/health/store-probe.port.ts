import type { StorePosition } from '../../common/store-position.js';

/** Whether the required services answer now. */
export interface StoreProbe {
  answers(): Promise<boolean>;
  readonly position: StorePosition;
}
/** Difference between this machine's clock and that of Redis, which decides when secrets end. */
export interface StoreClock {
  /** How far this machine's clock is ahead, in whole milliseconds; negative when it is behind. */
  readonly differenceMs: number;
  /** @throws ProblemError store_unavailable */
  measure(): Promise<void>;
}
export const STORE_CLOCK = Symbol('StoreClock');
export const STORE_PROBE = Symbol('StoreProbe');
