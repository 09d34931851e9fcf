import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { RedisSignInThrottle } from '../../src/auth/local-admin/redis-sign-in-throttle.js';
import { RedisSignIns } from '../../src/auth/oidc/redis-sign-ins.js';
import { RedisSessions } from '../../src/auth/sessions/redis-sessions.js';
import { RedisApiTokens } from '../../src/auth/tokens/store/redis-api-tokens.js';
import { formatKey, parseKeyring } from '../../src/crypto/keyring/keyring.spec-format.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { blobPaths } from '../../src/files/store/disk/disk-blob.files.js';
import { RedisOutbox } from '../../src/audit/outbox/redis-outbox.js';
import { BUCKETS } from '../../src/redis/redis-keys.js';
import { ScriptConnection } from '../../src/redis/script/script-connection.js';
import { RedisWrappedRecords } from '../../src/rewrap/redis-wrapped-records.js';
import { Rewrap, tally } from '../../src/rewrap/rewrap.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { endAfterTests } from '../support/leftovers.js';
import { createOwnDatabase } from '../support/own-database.js';
import { startCluster, type TestCluster } from '../support/redis-cluster.js';
import { cli } from './kit/cli.js';
import { Client, newClaim } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { until } from './kit/portal.js';
import { created, sendForm, TusUpload } from './kit/uploads.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** Enough to meet every bucket, and with them all three masters. */
const MANY = 60;
const KEYS = [1, 2].map((id) => formatKey(id, randomBytes(32))).join();
const START_MS = 180_000;

let cluster: TestCluster;
let env: Record<string, string>;
let app: TestApp;
let client: Client;

beforeAll(async () => {
  const [started, database] = await Promise.all([
    // No server is to be given up here.
    startCluster({ config: { 'cluster-node-timeout': '30000' } }),
    createOwnDatabase(),
  ]);
  cluster = started;
  const place = { REDIS_MODE: 'cluster', REDIS_URLS: cluster.servers[1]?.redis.url ?? '' };
  env = { ...place, BURNBAG_KEYS: KEYS, DATABASE_URL: database.url };
  const limits = {
    RATE_LIMIT_CREATE: '10000',
    RATE_LIMIT_REVEAL: '10000',
    RATE_LIMIT_STATUS: '100',
    RATE_LIMIT_WINDOW_SECONDS: '3600',
  };
  app = await startApp({ env: { ...env, RATE_LIMIT: 'on', ...limits, FILE_SWEEP_SECONDS: '1' } });
  client = new Client(app.url);
  endAfterTests(async () => client.close());
}, START_MS);

const times = <T>(many: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: many }, (_, n) => make(n)));

async function background(): Promise<ScriptConnection> {
  const nodes = cluster.servers.map(({ port }) => ({ host: '127.0.0.1', port }));
  const login = { username: undefined, password: undefined, tls: false };
  const redis = await ScriptConnection.open({ mode: 'cluster', nodes, login }, () => undefined);
  endAfterTests(async () => redis.close());
  return redis;
}

describe('a portal on a Redis Cluster', () => {
  it('gives each secret to one of its readers, whichever master keeps it', async () => {
    const secrets = await times(MANY, (n) => client.create({ content: `secret ${n}` }));
    const answers = await Promise.all(
      secrets.map(({ id }) => times(3, () => client.reveal(id, { claim: newClaim() }))),
    );
    answers.forEach((readers, n) => {
      expect(readers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410]);
      const [reader] = readers.filter(({ status }) => status === 200);
      expect(reader?.body).toMatchObject({ content: `secret ${n}` });
    });
    const keys = await Promise.all(cluster.servers.map(({ redis }) => redis.cli('DBSIZE')));
    expect(keys.map(Number).filter((count) => count > 0)).toHaveLength(3);
  });

  it('leads a secret through its whole life', async () => {
    const { id, receiptToken } = await client.create({ content: 'guarded', passphrase: 'p' });
    expect((await client.status(id)).body).toMatchObject({ state: 'live', passphraseRequired: true });
    expect((await client.head(id)).status).toBe(200);
    expect((await client.reveal(id, { passphrase: 'q' })).body).toMatchObject({ attemptsLeft: 4 });
    const claim = newClaim();
    expect((await client.reveal(id, { passphrase: 'p', claim })).body).toMatchObject({ content: 'guarded' });
    expect((await client.reveal(id, { passphrase: 'p', claim })).body).toMatchObject({ content: 'guarded' });
    expect((await client.acknowledge(id, claim)).status).toBe(204);
    expect((await client.get(id)).body).toMatchObject({ reason: 'viewed' });
    const burnt = await client.create();
    const headers = { 'x-receipt-token': burnt.receiptToken };
    expect((await client.burn(burnt.id, { headers })).status).toBe(204);
    expect((await client.get(burnt.id)).body).toMatchObject({ reason: 'burned' });
    expect((await client.receipt(receiptToken)).body).toMatchObject({ state: 'viewed' });
  });

  it('takes files in one form or in pieces, hands them out, and sweeps blobs without an owner', async () => {
    const bytes = randomBytes(100_000);
    const { id } = created(await sendForm(client, [{ name: 'file', filename: 'a', body: bytes }]));
    const claim = newClaim();
    expect((await fetchFiles(app.url, id, { claim })).bytes.equals(bytes)).toBe(true);
    expect((await client.acknowledge(id, claim)).status).toBe(204);

    const upload = await TusUpload.begin(client, 10);
    expect((await upload.patch(0, Buffer.alloc(10))).status).toBe(204);
    expect(await upload.offset()).toBe(10);
    const abandoned = await TusUpload.begin(client, 10);
    expect((await abandoned.giveUp()).status).toBe(204);

    const orphan = blobPaths(`${app.dataDir}/blobs`, randomBytes(16).toString('hex')).finished;
    mkdirSync(dirname(orphan), { recursive: true, mode: 0o700 });
    writeFileSync(orphan, randomBytes(70_000), { mode: 0o600 });
    await until(() => !existsSync(orphan), 30_000);
  });

  it('keeps sessions, sign-ins and tokens of all people in one list', async () => {
    const redis = await background();
    const limits = { idleMs: 60_000, mostMs: 60_000 };
    const sessions = new RedisSessions(redis, systemRandom, limits);
    const who = { subject: 's', name: 'n', isAdmin: false, via: 'local' } as const;
    const begun = await times(40, () => sessions.begin(who));
    const again = await sessions.begin(who, begun[0]?.token);
    expect(await sessions.list(100)).toHaveLength(40);
    expect(await sessions.touch(again.token)).toMatchObject({ kind: 'person' });
    expect(await sessions.touch(begun[0]?.token ?? '')).toBeUndefined();
    expect(await sessions.revoke(again.handle)).toBe(true);
    expect(await sessions.drop(begun[1]?.token ?? '')).toBe(begun[1]?.handle);

    const tokens = new RedisApiTokens(redis);
    const hashes = Array.from({ length: 20 }, () => randomBytes(32));
    const made = await times(20, (n) =>
      tokens.create({
        hash: hashes[n] as Buffer,
        name: `t${n}`,
        owner: 'o',
        scopes: ['create'],
        ttlMs: 60_000,
      }),
    );
    expect((await tokens.list(100, 'o')).tokens).toHaveLength(20);
    expect(await tokens.use(hashes[0] as Buffer)).toMatchObject({ kind: 'ok' });
    for (const { id } of made) expect(await tokens.revoke(Buffer.from(id, 'hex'))).toBe(true);
    expect((await tokens.list(100)).tokens).toEqual([]);

    const signIns = new RedisSignIns(redis);
    const [id, state] = [randomBytes(16), randomBytes(32)];
    await signIns.save(id, state, Buffer.from('waiting'), 60_000);
    expect(await signIns.take(id, state)).toEqual(Buffer.from('waiting'));
    const guard = new RedisSignInThrottle(redis);
    expect(await guard.begin({ name: 'a', address: 'b' })).toBeUndefined();
    await guard.undo({ name: 'a', address: 'b' });
    await guard.succeeded({ name: 'a', address: 'b' });
  });

  it('rewraps everything, on every master, and retires the old key', async () => {
    const secrets = await times(MANY, (n) => client.create({ content: `secret ${n}` }));
    const records = new RedisWrappedRecords(await background());
    const old = parseKeyring(KEYS).promote(1);
    expect((await new Rewrap(records, old, systemRandom).run(() => undefined)).unreadable).toEqual([]);
    const keys = (...args: string[]) => cli(['keys', ...args], env);
    expect((await keys('retire', '1')).err).toMatch(/live records still need key 1/);
    expect(await keys('rewrap')).toMatchObject({ code: 0, err: '' });
    const { secrets: left } = await tally(records);
    expect([...left.keys()]).toEqual([2]);
    const retired = await keys('retire', '1');
    expect(retired).toMatchObject({ code: 0, out: expect.stringMatching(/Nothing needs key 1/) });
    const answers = await Promise.all(secrets.map(({ id }) => client.reveal(id)));
    expect(answers.map(({ body }) => body['content'])).toEqual(secrets.map((_, n) => `secret ${n}`));
  });

  it('limits a client over all masters', async () => {
    const { id } = await client.create();
    const answers = await times(110, () => client.status(id));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
  });

  it('brings the trail to the database, where it verifies', async () => {
    const outbox = new RedisOutbox(await background(), 0);
    const waiting = () => times(BUCKETS, async (bucket) => (await outbox.state(bucket)).events);
    await until(async () => (await waiting()).every((events) => events === 0), 60_000);
    const run = promisify(execFile)(process.execPath, [CLI, 'audit', 'verify'], {
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'], ...env, DATA_DIR: join(app.dataDir, 'none') },
    });
    expect((await run).stdout).toMatch(/^\d+ events, intact$/m);
  });
});
