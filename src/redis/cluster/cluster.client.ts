import { Cluster } from 'ioredis';

import type { RedisTarget } from '../../platform/config/redis-target.js';
import { CLIENT_OPTIONS } from '../client/client.js';
import { reconnectAfter } from '../handshake/reconnect.js';
import { loginOptions } from '../sentinel/sentinel.options.js';

/** Detects servers that were removed or added, without a failing request. */
const REFRESH_MS = 5_000;

/**
 * ioredis' client of a cluster.
 * @param retry ms until the next try to reach any server; null gives up
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
    // Keeps host names, so that a certificate is not compared with an IP address.
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
