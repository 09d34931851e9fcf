/** Whether what the portal cannot do without answers now. */
export interface StoreProbe {
  answers(): Promise<boolean>;
}
export const STORE_PROBE = Symbol('StoreProbe');
