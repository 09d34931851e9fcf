import type { StorePosition } from '../common/store-position.js';

/** Whether what the portal cannot do without answers now. */
export interface StoreProbe {
  answers(): Promise<boolean>;
  readonly position: StorePosition;
}
/** How this machine's clock and that of Redis, by which secrets end, compare. */
export interface StoreClock {
  /** How far this machine's clock is ahead, in whole milliseconds; negative when it is behind. */
  readonly differenceMs: number;
  /** @throws ProblemError store_unavailable */
  measure(): Promise<void>;
}
export const STORE_CLOCK = Symbol('StoreClock');
export const STORE_PROBE = Symbol('StoreProbe');
