export interface StoreFacts {
  readonly version: string;
  readonly usedMemoryBytes: number;
}

/** Facts of the store by its own account. */
export interface StoreInfo {
  /** @returns undefined when it does not answer within two seconds */
  facts(): Promise<StoreFacts | undefined>;
}
export const STORE_INFO = Symbol('StoreInfo');
