import { Redis, type RedisOptions } from 'ioredis';

import { loggingConnector } from './sentinel.connector.js';

const RECONNECT = { first: 50, most: 1_000 };
/** A server that owes an answer for so long is away: its requests get a 503 and a claim can be tried again. */
const SILENCE_MS = 10_000;
const CONNECT_MS = 5_000;

export type ConnectionLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

export function reconnectAfter(times: number): number {
  return Math.min(RECONNECT.first * times, RECONNECT.most);
}

/**
 * Requests are answered 503 at once while Redis is away rather than queued, and never sent a second time by
 * themselves: a claim that ran unheard is repeated by its reader, under the same claim.
 */
export const CLIENT_OPTIONS = {
  lazyConnect: true,
  connectionName: 'burnbag',
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_MS,
  socketTimeout: SILENCE_MS,
  retryStrategy: reconnectAfter,
} satisfies RedisOptions;

/** Says when `client` comes and goes, once each. */
export function logPresence(client: Redis, log: ConnectionLog): void {
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
    if (!up) log('warn', 'Redis cannot be reached', { reason: error.message });
  });
}

const closed = new WeakSet<Redis>();

/** For good, and meant: nothing to warn of. */
export function closeClient(client: Redis): void {
  closed.add(client);
  client.removeAllListeners('close');
  client.disconnect();
}

/** ioredis ends a client to which sentinels tell a failover while it reconnects: it would never come back. */
export function neverGiveUp(client: Redis): void {
  client.on('end', () => {
    setTimeout(() => {
      if (!closed.has(client)) client.connect().catch(() => undefined);
    }, RECONNECT.first);
  });
}

/** What is told to ioredis of one way to a server. */
export type Way = Omit<RedisOptions, 'replyMapping'>;

function clientOfWay(way: Way, log: ConnectionLog): Redis {
  return new Redis({ ...CLIENT_OPTIONS, ...way, ...(way.sentinels && { Connector: loggingConnector(log) }) });
}

/** @param to a redis:// URL or the path of a Unix socket, or the options of another way */
export function createClient(to: string | Way, log: ConnectionLog): Redis {
  const client = typeof to === 'string' ? new Redis(to, CLIENT_OPTIONS) : clientOfWay(to, log);
  logPresence(client, log);
  neverGiveUp(client);
  return client;
}
