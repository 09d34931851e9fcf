/** The memory that the store has for new secrets. */
export interface StoreRoom {
  /** @param bytes about to be stored @throws ProblemError storage_full */
  require(bytes: number): Promise<void>;
}
export const STORE_ROOM = Symbol('StoreRoom');
