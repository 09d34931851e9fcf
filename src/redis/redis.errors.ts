import { ProblemError } from '../platform/http/problem/problem.js';
import { storageFull, storeUnavailable } from '../platform/http/problem/store.errors.js';

/** Replies that are part of normal operation: Redis is loading, failing over or refusing writes. */
const PASSING =
  /^(LOADING|BUSY|MISCONF|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|UNKILLABLE|NOAUTH|NOPERM|WRONGPASS)\b/;

/**
 * Before version 7 Redis starts a script when its memory is full, and reports the command in it that was
 * refused.
 */
const FULL = /^OOM\b|-OOM command not allowed/;

/**
 * Nothing was changed: until this server was compared with the audit trail, it may hold secrets that were
 * opened before.
 */
export const storeUnproven = () =>
  storeUnavailable(
    'The secret store is being compared with the audit trail. Nothing was changed. Try again soon.',
  );

/**
 * Nothing was changed, and nothing will be until the operator, or REDIS_RECONCILE=auto, has reconciled the
 * store.
 */
export const storeBehind = () =>
  storeUnavailable(
    'The secret store has gone back in time and is closed until its operator has reconciled it. Nothing was changed.',
  );

/**
 * One of our scripts failed. A new error, because the client's own carries the command with all its
 * arguments.
 */
class ScriptFaultError extends Error {
  constructor(reply: string) {
    super(`a Redis script failed: ${reply}`);
    this.name = 'ScriptFaultError';
  }
}

/** Tells a store that is full or down, which clients may retry, from a fault in our own scripts. */
export function toStoreError(error: unknown): unknown {
  // A TypeError is a bug of ours, not an outage of Redis.
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof ProblemError) return error;
  if (error.name === 'ReplyError' && FULL.test(error.message))
    return storageFull('The memory of the secret store is full (maxmemory of Redis).');
  if (error.name === 'ReplyError' && !PASSING.test(error.message)) return new ScriptFaultError(error.message);
  return storeUnavailable();
}
