import { Redis, type RedisOptions } from 'ioredis';

import { checkServer, patiently, RedisUnfitError, type ServerFacts } from './boot-checks.js';

const RECONNECT = { first: 50, most: 1_000 };
/** A server that owes an answer for so long is away: its requests get a 503 and a claim can be tried again. */
const SILENCE_MS = 10_000;
/** About ten seconds: as long as a Redis that is started beside the app may take. */
const BOOT_TRIES = 20;

export type ConnectionLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

/**
 * Requests are answered 503 at once while Redis is away rather than queued, and never sent a second time by
 * themselves: a claim that ran unheard is repeated by its reader, under the same claim.
 */
const OPTIONS = {
  lazyConnect: true,
  connectionName: 'burnbag',
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  socketTimeout: SILENCE_MS,
  retryStrategy: (times: number) => Math.min(RECONNECT.first * times, RECONNECT.most),
} satisfies RedisOptions;

/** @param target a redis:// URL or the path of a Unix socket */
export function createClient(target: string, log: ConnectionLog): Redis {
  const client = new Redis(target, OPTIONS);
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
  return client;
}

/**
 * Connects and checks that the server is fit to keep secrets.
 * @throws RedisUnfitError with what to set, also when the server cannot be reached
 */
export async function connect(client: Redis): Promise<ServerFacts> {
  await new Promise<void>((resolve, reject) => {
    let tries = 0;
    const failed = (error: Error) => {
      tries += 1;
      if (tries < BOOT_TRIES) return;
      reject(new RedisUnfitError(`Redis cannot be reached: ${error.message}. Check REDIS_URL`));
    };
    client.on('error', failed);
    client.once('ready', () => {
      client.off('error', failed);
      resolve();
    });
    client.connect().catch(failed);
  });
  return checkServer(await patiently(() => client.info()));
}
