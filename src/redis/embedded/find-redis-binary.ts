import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedRedisError } from './embedded-redis.errors.js';

const NAMES = ['redis-server', 'valkey-server'];

/** Folder of the server that `npm start` downloads; the same path from src/ and from dist/. */
const DOWNLOADED = fileURLToPath(new URL('../../../.cache/bin/redis-server', import.meta.url));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The server binary of the embedded Redis: REDIS_SERVER_BIN, else the first on the PATH, else the downloaded one.
 * @throws EmbeddedRedisError that says what to install
 */
export function findRedisBinary(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['REDIS_SERVER_BIN'];
  if (named) {
    if (isExecutable(named)) return named;
    throw new EmbeddedRedisError(`REDIS_SERVER_BIN names ${named}, which is not an executable file`);
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const binary = [...onPath, DOWNLOADED].find(isExecutable);
  if (binary) return binary;
  throw new EmbeddedRedisError(
    'no redis-server or valkey-server found: install one (6.2 or newer), or set REDIS_URL to a running Redis',
  );
}
