import { ProblemError } from '../common/problem.js';
import { storageFull, storeUnavailable } from '../common/store.errors.js';

/** Replies with which a healthy program must count: Redis is loading, failing over or refusing writes. */
const PASSING =
  /^(LOADING|BUSY|MISCONF|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|UNKILLABLE|NOAUTH|NOPERM|WRONGPASS)\b/;

/** Redis before 7 lets a script begin in a full memory, and tells of the command in it that was refused. */
const FULL = /^OOM\b|-OOM command not allowed/;

/** Nothing was done: until this server was compared with the audit trail, what it holds may be what was opened before. */
export const storeUnproven = () =>
  storeUnavailable(
    'The secret store is being compared with the audit trail. Nothing was changed. Try again soon.',
  );

/** Nothing was done, and nothing will be before the operator, or REDIS_RECONCILE=auto, has acted. */
export const storeBehind = () =>
  storeUnavailable(
    'The secret store has gone back in time and is closed until its operator has reconciled it. Nothing was changed.',
  );

/** A script of ours failed. Made anew, because the client's error carries the command with all its arguments. */
export class ScriptFaultError extends Error {
  constructor(reply: string) {
    super(`a Redis script failed: ${reply}`);
    this.name = 'ScriptFaultError';
  }
}

/** Tells a store that is full or away, which clients may try again, from a fault in our own scripts. */
export function toStoreError(error: unknown): unknown {
  // A TypeError is a bug of ours on the way to Redis, not Redis being away.
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof ProblemError) return error;
  if (error.name === 'ReplyError' && FULL.test(error.message))
    return storageFull('The memory of the secret store is full (maxmemory of Redis).');
  if (error.name === 'ReplyError' && !PASSING.test(error.message)) return new ScriptFaultError(error.message);
  return storeUnavailable();
}
