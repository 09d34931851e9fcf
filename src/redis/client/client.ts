import { Redis, type RedisOptions } from 'ioredis';

import { connectionReason } from '../../platform/logging/connection-reason.js';
import type { RedisTarget } from '../../platform/config/redis-target.js';
import { RECONNECT, reconnectAfter } from '../handshake/reconnect.js';
import { handshakeSettings, requireHandshake } from '../handshake/handshake.js';
import { loggingConnector } from '../sentinel/sentinel.connector.js';
import { connectionOptions } from './connection-options.js';
import type { ConnectionLog } from '../handshake/connection-log.js';

/**
 * Milliseconds without an answer after which the server counts as down: its requests get a 503, and a claim
 * can be retried.
 */
const SILENCE_MS = 10_000;
const CONNECT_MS = 5_000;

/**
 * Requests are answered 503 at once while Redis is down. They are neither queued nor sent twice: a claim
 * whose answer was lost is repeated by its recipient, under the same claim.
 */
export const CLIENT_OPTIONS = {
  lazyConnect: true,
  disableClientInfo: true,
  connectionName: 'burnbag',
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_MS,
  socketTimeout: SILENCE_MS,
  retryStrategy: reconnectAfter,
} satisfies RedisOptions;

/** Logs when `client` connects and disconnects, once each. */
function logPresence(client: Redis, log: ConnectionLog): void {
  let up = false;
  client.on('ready', () => {
    if (!up) log('info', 'connected to Redis');
    up = true;
  });
  client.on('close', () => {
    if (up) log('warn', 'lost the connection to Redis');
    up = false;
  });
  client.on('error', (error: Error) => {
    // A refused step of the handshake is reported by the error that ends the connection, with what to set.
    if (!up && error.name !== 'ReplyError')
      log('warn', 'Redis cannot be reached', { reason: connectionReason(error) });
  });
}

const closed = new WeakSet<Redis>();

/** Closes permanently without a disconnect warning. */
export function closeClient(client: Redis): void {
  closed.add(client);
  client.removeAllListeners('close');
  client.disconnect();
}

/**
 * ioredis ends a client when sentinels report a failover while it reconnects; it would not reconnect by
 * itself.
 */
export function neverGiveUp(client: Redis): void {
  client.on('end', () => {
    setTimeout(() => {
      if (!closed.has(client)) client.connect().catch(() => undefined);
    }, RECONNECT.first);
  });
}

/** A connection that is ready only when the server has accepted every step of its handshake. */
export function createClient(target: Exclude<RedisTarget, { mode: 'cluster' }>, log: ConnectionLog): Redis {
  const way = connectionOptions(target);
  const connector = way.sentinels && { Connector: loggingConnector(log) };
  const client = requireHandshake(
    new Redis({ ...CLIENT_OPTIONS, ...way, ...connector }),
    handshakeSettings(target),
  );
  logPresence(client, log);
  neverGiveUp(client);
  return client;
}
