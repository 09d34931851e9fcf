import {
  SentinelConnector,
  type Redis,
  type RedisOptions,
  type SentinelAddress,
  type SentinelConnectionOptions,
} from 'ioredis';

import type { ConnectionLog } from '../handshake/connection-log.js';
import { requireHandshake } from '../handshake/handshake.js';

const SENTINEL_SETTINGS = { login: 'REDIS_URLS', database: 'REDIS_URLS' };

/** Internals of ioredis: how it opens a connection to one sentinel, to ask it and to hear of failovers. */
interface Opener {
  connectToSentinel(endpoint: Partial<SentinelAddress>, options?: RedisOptions): Redis;
}

/**
 * Logs why a sentinel cannot be reached, once until it is reached again or the reason changes. ioredis
 * reports neither, and prints errors of its subscriber connections to the console.
 */
export function loggingConnector(log: ConnectionLog): new (options: unknown) => SentinelConnector {
  const told = new Map<string, string>();
  return class extends SentinelConnector {
    constructor(options: unknown) {
      super(options as SentinelConnectionOptions);
      const self = this as unknown as Opener;
      const connect = self.connectToSentinel.bind(this);
      self.connectToSentinel = (endpoint, more) => {
        const client = requireHandshake(connect(endpoint, more), SENTINEL_SETTINGS);
        const sentinel = `${endpoint.host}:${endpoint.port}`;
        client.on('error', ({ name, message: reason }: Error) => {
          // A refused command is reported by the handshake error that follows.
          if (name === 'ReplyError') return;
          if (told.get(sentinel) !== reason)
            log('warn', 'a sentinel cannot be reached', { sentinel, reason });
          told.set(sentinel, reason);
        });
        // Not on `connect`: the sentinel may still refuse the password.
        client.on('ready', () => {
          if (told.delete(sentinel)) log('info', 'connected to a sentinel again', { sentinel });
        });
        return client;
      };
    }
  };
}
