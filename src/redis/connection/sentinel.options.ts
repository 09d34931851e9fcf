import type { RedisOptions } from 'ioredis';

import type { Login, RedisTarget } from '../../config/redis-target.js';
import { reconnectAfter } from './reconnect.js';

/** What is told to ioredis of one way to a server. */
export type Way = Omit<RedisOptions, 'replyMapping'>;

/** Undefined is left out, since ioredis takes it for a value. */
export function loginOptions({ username, password, tls }: Login): Way {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
  };
}

/** A master that has become a replica: sentinels know the new one. */
function isDemoted(error: Error): boolean {
  return /^(READONLY|UNBLOCKED)\b/.test(error.message);
}

/** The master that sentinels name; whoever is connected no longer asks the old one once they have named another. */
export function sentinelOptions(target: Extract<RedisTarget, { mode: 'sentinel' }>): Way {
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
    // The command that was refused did not run; it is answered 503, and the next one asks the new master.
    reconnectOnError: isDemoted,
  };
}
