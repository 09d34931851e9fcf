import { Redis, type Cluster } from 'ioredis';

import { CLIENT_OPTIONS } from './client/client.js';
import { createCluster } from './cluster/cluster.client.js';
import { handshakeSettings, requireHandshake } from './handshake/handshake.js';
import type { ConnectionOptions } from './sentinel/sentinel.options.js';
import { connectionOptions } from './client/connection-options.js';
import type { RedisTarget } from '../platform/config/redis-target.js';

const CONNECT_MS = 5_000;

function oneServer(to: ConnectionOptions): Redis {
  const options = {
    ...CLIENT_OPTIONS,
    connectionName: 'burnbag-cli',
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    retryStrategy: () => null,
  };
  // Does not listen for failovers: the command only reads and ends.
  return new Redis({ ...to, ...options, failoverDetector: false, sentinelRetryStrategy: () => null });
}

function clientOf(target: RedisTarget): Redis | Cluster {
  if (target.mode === 'cluster') return createCluster(target, () => null);
  return requireHandshake(oneServer(connectionOptions(target)), handshakeSettings(target));
}

/** A connection to Redis for a command that runs once: no second try, no check of the server. */
export class RedisReader {
  private constructor(private readonly client: Redis | Cluster) {}

  /** @throws Error when no server takes the connection within five seconds */
  static async open(target: RedisTarget): Promise<RedisReader> {
    const client = clientOf(target);
    let reason: Error | undefined;
    const note = (error: Error) => (reason ??= error);
    client.on('error', note);
    client.on('node error', note);
    try {
      await client.connect();
    } catch (error) {
      client.disconnect();
      throw reason ?? error;
    }
    return new RedisReader(client);
  }

  /** @returns null when the key does not exist */
  get(key: string): Promise<Buffer | null> {
    return this.client.getBuffer(key);
  }

  close(): void {
    this.client.disconnect();
  }
}
