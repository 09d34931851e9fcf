import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { formatKey } from '../../src/crypto/keyring/keyring.spec-format.js';
import { REPLICAS_KEY } from '../../src/redis/redis-keys.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { startRedis } from '../support/redis-server.js';
import { Client } from './kit/client.js';
import { connectTo, keysOf, until } from './kit/portal.js';

const [ONE, TWO] = [1, 2].map((id) => formatKey(id, randomBytes(32))) as [string, string];
const KEK_AT = 26;

/** Replicas on hosts of their own: each has a key file of its own, which changes at another moment. */
describe('replicas that learn of a new key one after the other', () => {
  let db: Redis;
  let folder: string;
  let apps: TestApp[];
  let clients: Client[];

  const fileOf = (at: number): string => join(folder, `keys-${at}`);
  const write = (at: number, ...entries: string[]): void => {
    writeFileSync(`${fileOf(at)}.new`, entries.join('\n'), { mode: 0o400 });
    renameSync(`${fileOf(at)}.new`, fileOf(at));
  };
  const announced = async (): Promise<string[]> => {
    const all = Object.values(await db.hgetall(REPLICAS_KEY));
    return all.map((text) => text.replace(/^\d+ /, '')).sort();
  };
  /** @returns the key that a new secret of this replica is under */
  const sealsWith = async (at: number): Promise<number> => {
    const { id } = await (clients[at] as Client).create({ content: 'x' });
    return (await db.getBuffer(keysOf(id).record))?.readUInt32BE(KEK_AT) ?? 0;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'burnbag-keys-'));
    const redis = await startRedis();
    db = connectTo(redis);
    write(0, ONE);
    write(1, ONE);
    apps = await Promise.all(
      [0, 1].map((at) => startApp({ env: { BURNBAG_KEYS_FILE: fileOf(at) }, redisUrl: redis.url })),
    );
    clients = apps.map(({ url }) => new Client(url));
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await Promise.all(apps.map((app) => app.stop()));
    db.disconnect();
    rmSync(folder, { recursive: true });
  });

  it('seal with it only when the last of them can open it, whatever the file says', async () => {
    expect(await announced()).toEqual(['1|1', '1|1']);
    write(0, ONE, TWO);
    await until(async () => (await announced()).includes('1|1,2'), 30_000);
    expect(await sealsWith(0)).toBe(1);
    write(1, ONE, TWO);
    await until(async () => (await announced()).every((held) => held === '2|1,2'), 30_000);
    expect([await sealsWith(0), await sealsWith(1)]).toEqual([2, 2]);
    await until(() => apps[0]?.output().includes('sealing with key 2 now') ?? false, 30_000);
  });

  it('keep the keys that they have when the file becomes unusable, and say so once', async () => {
    write(0, ONE, '2:destroyed');
    await until(
      () => /the keys stay as they were: .*cannot be destroyed/.test(apps[0]?.output() ?? ''),
      30_000,
    );
    expect(await sealsWith(0)).toBe(2);
    write(0, ONE, formatKey(2, randomBytes(32)));
    await until(
      () => /the keys stay as they were: Key 2 is not the key 2/.test(apps[0]?.output() ?? ''),
      30_000,
    );
    expect(await sealsWith(0)).toBe(2);
    expect((apps[0]?.output() ?? '').match(/cannot be destroyed/g)).toHaveLength(1);
    write(0, ONE, TWO);
  });

  it('do not wait for one that has ended', async () => {
    const { id } = await (clients[0] as Client).create({ content: 'under the new key' });
    await apps[1]?.stop();
    await until(async () => (await announced()).length === 1);
    expect(await announced()).toEqual(['2|1,2']);
    expect((await (clients[0] as Client).get(id)).status).toBe(200);
  });
});
