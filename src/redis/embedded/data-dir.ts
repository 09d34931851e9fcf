import { join } from 'node:path';

import { makeDataDir, makePrivateFolder, makeSocketFolder } from '../../platform/data-dir/private-folder.js';

/** Every path that the embedded Redis uses, absolute. */
export interface RedisPaths {
  readonly dataDir: string;
  /** The folder of Redis: append-only file, configuration, pid. */
  readonly redisDir: string;
  readonly socketDir: string;
  readonly configFile: string;
  readonly pidFile: string;
  readonly redisSocket: string;
  readonly lockSocket: string;
}

/**
 * Creates DATA_DIR and the folder of Redis in it (0700) and returns their paths.
 * @throws DataDirError when a folder belongs to another user, or cannot be written
 */
export function prepareDataDir(dataDir: string): RedisPaths {
  const real = makeDataDir(dataDir);
  const redisDir = join(real, 'redis');
  makePrivateFolder(redisDir);
  const socketDir = makeSocketFolder(redisDir);
  return {
    dataDir: real,
    redisDir,
    socketDir,
    configFile: join(redisDir, 'redis.conf'),
    pidFile: join(redisDir, 'redis.pid'),
    redisSocket: join(socketDir, 'redis.sock'),
    lockSocket: join(socketDir, 'burnbag.lock'),
  };
}
