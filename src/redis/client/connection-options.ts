import type { RedisTarget } from '../../platform/config/redis-target.js';
import { loginOptions, sentinelOptions, type ConnectionOptions } from '../sentinel/sentinel.options.js';

/**
 * ioredis options for one server at a time: that of a socket or a URL, or the master that the sentinels name.
 */
export function connectionOptions(target: Exclude<RedisTarget, { mode: 'cluster' }>): ConnectionOptions {
  if (target.mode === 'sentinel') return sentinelOptions(target);
  if ('socket' in target) return { path: target.socket };
  const { endpoint, login, database } = target;
  return { ...endpoint, ...loginOptions(login), db: database };
}
