import type { QuorumStatus } from '../quorum/quorum-status.js';
import type { RedisTarget } from '../../platform/config/redis-target.js';
import type { ConnectionLog } from '../handshake/connection-log.js';
import { ClusterConnection } from '../cluster/cluster.connection.js';
import type { RedisConnection } from './redis-connection.js';
import { ServerConnection } from './server.connection.js';

/**
 * Makes the connection to Redis, not yet connected.
 * @param quorum undefined: durable commands are answered as soon as the master has run them
 */
export function openConnection(
  target: RedisTarget,
  log: ConnectionLog,
  quorum?: QuorumStatus,
): RedisConnection {
  switch (target.mode) {
    case 'single':
    case 'sentinel':
      return new ServerConnection(target, log, quorum);
    case 'cluster':
      return new ClusterConnection(target, log, quorum);
  }
}
