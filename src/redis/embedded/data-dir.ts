import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedRedisError } from './embedded-redis.errors.js';

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the closing zero. */
const SOCKET_PATH_MAX_BYTES = 100;

/** Every path that the embedded Redis uses, absolute. */
export interface RedisPaths {
  readonly dataDir: string;
  /** Redis's own folder: append-only file, configuration, pid. */
  readonly redisDir: string;
  readonly configFile: string;
  readonly pidFile: string;
  readonly redisSocket: string;
  readonly lockSocket: string;
}

function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  // A folder in a shared place may have been laid there by somebody else, to read what we say to Redis.
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new EmbeddedRedisError(`${path} is not a folder of the user that runs Burnbag`);
  }
  chmodSync(path, 0o700);
}

/** Sockets live in the folder itself unless its path is too long for one; then in a private folder of the temp dir. */
function socketFolder(redisDir: string): string {
  const longest = join(redisDir, 'burnbag.lock.12345678.stale');
  if (Buffer.byteLength(longest) <= SOCKET_PATH_MAX_BYTES) return redisDir;
  const name = createHash('sha256').update(redisDir).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `burnbag-${name}`);
  privateFolder(folder);
  return folder;
}

/**
 * Makes DATA_DIR and Redis's folder in it (0700) and says where everything goes.
 * @throws EmbeddedRedisError when a folder belongs to somebody else; errors of the file system as they are
 */
export function prepareDataDir(dataDir: string): RedisPaths {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dataDir);
  const redisDir = join(real, 'redis');
  privateFolder(redisDir);
  const sockets = socketFolder(redisDir);
  return {
    dataDir: real,
    redisDir,
    configFile: join(redisDir, 'redis.conf'),
    pidFile: join(redisDir, 'redis.pid'),
    redisSocket: join(sockets, 'redis.sock'),
    lockSocket: join(sockets, 'burnbag.lock'),
  };
}

/** Removes the sockets' folder in the temp dir, where there is one; the data stays. */
export function removeSocketFolder({ redisDir, lockSocket }: RedisPaths): void {
  const folder = dirname(lockSocket);
  if (folder === redisDir) return;
  try {
    rmdirSync(folder);
  } catch {
    // Not empty: the next start is already in it.
  }
}
