import { storeUnavailable } from '../common/store.errors.js';

/** Replies with which a healthy program must count: Redis is loading, full, failing over or refusing writes. */
const PASSING =
  /^(LOADING|BUSY|OOM|MISCONF|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|UNKILLABLE|NOAUTH|WRONGPASS)\b/;

/** Tells a store that is away, which clients may try again, from a fault in our own scripts. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'ReplyError' && !PASSING.test(error.message)) return error;
  if (error.message.startsWith('OOM'))
    return storeUnavailable('The secret store is full. Nothing was stored.');
  return storeUnavailable();
}
