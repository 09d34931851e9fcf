import type { PositionAnswer, PositionRequest } from './compare-positions.js';

/** Lets secrets be opened only from a store that was compared with the trail. */
export interface PositionWatch {
  /** @param compare asks the thread that has the database; throws DatabaseAwayError while it is not there */
  compareBy(compare: (request: PositionRequest) => Promise<PositionAnswer>): void;
  /** Compares now. Resolves when that is done; never throws. */
  run(): Promise<void>;
  /** Closes the store until it was compared again. */
  doubt(): void;
  stop(): void;
}
