/** How many requests the limits refused. */
export interface RefusedHits {
  /**
   * @param since first hour, in hours since the epoch; older ones are deleted
   * @returns hits by hour since the epoch
   */
  byHour(since: number): Promise<ReadonlyMap<number, number>>;
}
export const REFUSED_HITS = Symbol('RefusedHits');
