import type { RedisOptions } from 'ioredis';

import type { Login, RedisTarget } from '../../platform/config/redis-target.js';
import { reconnectAfter } from '../handshake/reconnect.js';

/** Options of ioredis for one connection to a server. */
export type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

/** Undefined is left out, since ioredis takes it for a value. */
export function loginOptions({ username, password, tls }: Login): ConnectionOptions {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
  };
}

/** READONLY of a master that became a replica: the sentinels know the new master. */
function isDemoted(error: Error): boolean {
  return /^(READONLY|UNBLOCKED)\b/.test(error.message);
}

/** The master that the sentinels name; a connected client leaves the old one once they name another. */
export function sentinelOptions(target: Extract<RedisTarget, { mode: 'sentinel' }>): ConnectionOptions {
  const { sentinels, sentinelLogin, master, login } = target;
  return {
    sentinels: [...sentinels],
    name: master,
    ...(sentinelLogin.username !== undefined && { sentinelUsername: sentinelLogin.username }),
    ...(sentinelLogin.password !== undefined && { sentinelPassword: sentinelLogin.password }),
    ...(sentinelLogin.tls && { sentinelTLS: {} }),
    ...loginOptions(login),
    enableTLSForSentinelMode: login.tls,
    failoverDetector: true,
    sentinelRetryStrategy: reconnectAfter,
    sentinelReconnectStrategy: reconnectAfter,
    // The refused command did not run; it is answered 503, and the next one asks the new master.
    reconnectOnError: isDemoted,
  };
}
