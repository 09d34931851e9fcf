import type { PositionAnswer, PositionRequest } from './compare-positions.js';

/** Opens secrets only from a store that was compared with the trail. */
export interface PositionWatch {
  /** @param compare asks the thread that has the database; throws DatabaseAwayError while it is down */
  compareBy(compare: (request: PositionRequest) => Promise<PositionAnswer>): void;
  /** Compares now. Resolves when that is done; never throws. */
  run(): Promise<void>;
  /** Closes the store until the next comparison. */
  doubt(): void;
  stop(): void;
}
