import { Cluster } from 'ioredis';

import type { RedisTarget } from '../../config/redis-target.js';
import { CLIENT_OPTIONS } from './client.js';
import { reconnectAfter } from './reconnect.js';
import { loginOptions } from './sentinel.options.js';

/** Notices a server that went away, or came, without a request that stumbles over it. */
const REFRESH_MS = 5_000;

/**
 * ioredis' client of a cluster.
 * @param retry ms until the next try to reach any of it; null gives up
 */
export function createCluster(
  { nodes, login }: Extract<RedisTarget, { mode: 'cluster' }>,
  retry: (times: number) => number | null = reconnectAfter,
): Cluster {
  const { lazyConnect, enableOfflineQueue, connectionName, autoResendUnfulfilledCommands } = CLIENT_OPTIONS;
  const { maxRetriesPerRequest, connectTimeout, socketTimeout, disableClientInfo } = CLIENT_OPTIONS;
  return new Cluster([...nodes], {
    lazyConnect,
    enableOfflineQueue,
    clusterRetryStrategy: retry,
    slotsRefreshInterval: REFRESH_MS,
    // A command whose connection broke may have run: it is never sent again.
    retryDelayOnFailover: 0,
    // Names stay names, lest a certificate be compared with an address.
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: {
      connectionName,
      disableClientInfo,
      autoResendUnfulfilledCommands,
      maxRetriesPerRequest,
      connectTimeout,
      socketTimeout,
      ...loginOptions(login),
    },
  });
}
