import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { endAfterTests } from './leftovers.js';
import { startRedis, type TestRedis } from './redis-server.js';

const shipped = (name: string): string => fileURLToPath(new URL(`../../docker/${name}`, import.meta.url));

/** A server with docker/redis.conf and docker/redis-users.acl as they are. */
export interface ShippedRedis {
  readonly redis: TestRedis;
  /** With the name and password of the portal's user. */
  readonly portalUrl: string;
  /** With those of an administrator, which an operator may add to the file. */
  readonly adminUrl: string;
}

/**
 * @param binary @default the server of this machine
 * @param acl other users than the shipped ones; `PASSWORD_SHA256` stands for the hash of the portal's password
 */
export async function startShippedRedis(
  binary?: string,
  acl = readFileSync(shipped('redis-users.acl'), 'utf8'),
): Promise<ShippedRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'burnbag-shipped-'));
  endAfterTests(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  const password = randomBytes(16).toString('hex');
  const hash = createHash('sha256').update(password).digest('hex');
  const aclfile = join(folder, 'users.acl');
  const extra = [
    'user admin on nopass ~* &* +@all',
    // The users of docs/redis.md.
    'user replica on >replica -@all +psync +replconf +ping',
  ];
  writeFileSync(aclfile, `${acl.replace('PASSWORD_SHA256', hash)}${extra.join('\n')}\n`);
  const redis = await startRedis({
    configFile: shipped('redis.conf'),
    config: { aclfile },
    login: 'health:health',
    binary,
  });
  const as = (login: string): string => redis.url.replace('//', `//${login}@`);
  return { redis, portalUrl: as(`burnbag:${password}`), adminUrl: as('admin:admin') };
}
