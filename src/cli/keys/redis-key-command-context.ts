import { accessSync, constants, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

import { cryptoConfig, redisConfig, serverConfig } from '../../platform/config/sections/app.config.js';
import type { RedisTarget } from '../../platform/config/redis-target.js';
import { keySourceOf } from '../../crypto/key-source/configured-key-source.js';
import { keyFileOf, loadKeyring, type KeySource } from '../../crypto/keyring/keyring.loader.js';
import type { Keyring } from '../../crypto/keyring/keyring.js';
import { ScriptConnection } from '../../redis/script/script-connection.js';
import { RedisWrappedRecords } from '../../rewrap/redis-wrapped-records.js';
import type { WrappedRecords } from '../../rewrap/wrapped-records.port.js';
import { runningReplicas } from '../../rotation/redis-replica-registry.js';
import type { Replica } from '../../rotation/replica-registry.types.js';
import type { Terminal } from '../command.js';
import { loadEnvironment } from '../environment.js';
import { withPortalRedis } from '../redis-place.js';

/** Services of every command about keys. */
export interface KeyCommandContext {
  readonly source: KeySource;
  /** Its name in messages: the path of the key file, or BURNBAG_KEYS. */
  readonly origin: string;
  /** The key file, when it can be changed from here. */
  readonly file: string | undefined;
  readonly keyring: Keyring;
  readonly records: WrappedRecords;
  /** The running processes of the portal. */
  replicas(): Promise<Replica[]>;
  /** Whether an id was ever used with this store. */
  isTaken(id: number): Promise<boolean>;
}

/**
 * Reads the configuration as the portal does, connects to its Redis, and disconnects afterwards.
 * @throws ConfigError, KeySourceError, CommandError
 */
export async function withKeys<T>(
  terminal: Terminal,
  work: (context: KeyCommandContext) => Promise<T>,
): Promise<T> {
  loadEnvironment();
  const server = serverConfig();
  const source = keySourceOf(cryptoConfig(), server);
  const path = keyFileOf(source);
  const keyring = await loadKeyring(source);
  const redis = redisConfig();
  const atRedis = async (target: RedisTarget): Promise<T> => {
    const connection = await ScriptConnection.open(target, (level, message) => {
      if (level !== 'info') terminal.err(message);
    });
    try {
      return await work({
        source,
        origin: path ?? 'BURNBAG_KEYS',
        file: path !== undefined && isChangeable(path) ? path : undefined,
        keyring,
        records: new RedisWrappedRecords(connection),
        replicas: () => runningReplicas(connection),
        isTaken: (id) => connection.isKeyTaken(id),
      });
    } finally {
      connection.close();
    }
  };
  return withPortalRedis(redis, server.dataDir, atRedis);
}

/** Replaced as a whole, so the folder must be writable. */
function isChangeable(path: string): boolean {
  try {
    accessSync(dirname(realpathSync(path)), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
