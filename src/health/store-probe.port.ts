import type { StorePosition } from '../common/store-position.js';

/** Whether what the portal cannot do without answers now. */
export interface StoreProbe {
  answers(): Promise<boolean>;
  readonly position: StorePosition;
}
export const STORE_PROBE = Symbol('StoreProbe');
