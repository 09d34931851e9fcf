import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { cli } from '../int/kit/cli.js';
import { Client, newClaim, type Created } from '../int/kit/client.js';
import { connectTo, newKeys, until } from '../int/kit/portal.js';
import { outboxKeys, positionKeys } from '../../src/redis/redis-keys.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { IS_FULL_RUN } from '../support/full-run.js';
import { databaseMatrix, freshDataDir, type TestEngine } from '../support/database-matrix.js';
import { createOwnDatabase } from '../support/own-database.js';
import { onServer } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';

const BUCKETS = Array.from({ length: 16 }, (_, bucket) => bucket);
const bucketOf = ({ ref }: Created): number => Number.parseInt(ref.slice(1, 2), 16);

interface Position {
  readonly state: string;
  readonly buckets: readonly number[];
  readonly reason?: string;
  readonly action?: string;
}

/** One portal on one Redis that is put back to an earlier moment. */
class Scene {
  app!: TestApp;
  client!: Client;
  private constructor(
    readonly redis: TestRedis,
    readonly db: Redis,
    readonly dataDir: string,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async open(engine: TestEngine['name'], env: Readonly<Record<string, string>> = {}): Promise<Scene> {
    const redis = await startRedis({ config: { 'enable-debug-command': 'yes' } });
    const url = engine === 'PGlite' ? {} : { DATABASE_URL: (await createOwnDatabase()).url };
    const dataDir = freshDataDir();
    const scene = new Scene(redis, connectTo(redis), dataDir, { BURNBAG_KEYS: newKeys(), ...url, ...env });
    await scene.start();
    return scene;
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { redis, dataDir } = this;
    this.app = await startApp({ redisUrl: redis.url, dataDir, env: { ...this.env, ...env } });
    this.client = new Client(this.app.url);
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.app.stop();
  }

  async close(): Promise<void> {
    await this.stop();
    this.db.disconnect();
    await this.redis.stop();
  }

  /** Resolves when the database has every event. */
  caughtUp(): Promise<void> {
    return until(async () => {
      const waiting = await Promise.all(BUCKETS.map((bucket) => this.db.xlen(outboxKeys(bucket).outbox)));
      return waiting.every((events) => events === 0);
    });
  }

  async position(): Promise<Position> {
    const { body } = await this.client.send('GET', '/health');
    return (body['checks'] as { position?: Position }).position ?? { state: 'current', buckets: [] };
  }

  async metric(name: string): Promise<number> {
    const { text } = await this.client.send('GET', '/metrics');
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  }

  /** With the portal stopped where its database can be opened by one process only. */
  async reconcile(...args: string[]): Promise<string> {
    const isEmbedded = this.env['DATABASE_URL'] === undefined;
    if (isEmbedded) await this.stop();
    const env = { ...this.env, REDIS_URL: this.redis.url, DATA_DIR: this.dataDir };
    const { code, out, err } = await cli(['redis', 'reconcile', ...args], env);
    if (code !== 0 || err !== '') throw new Error(`redis reconcile ended with ${code}: ${err}`);
    if (isEmbedded) await this.start();
    return out;
  }
}

type Restore = () => Promise<void>;

/** Remembers the moment; what it returns puts Redis back to it. */
type GoBack = (scene: Scene) => Promise<Restore>;

const appendOnlyFile = (dir: string): string => {
  const folder = join(dir, 'appendonlydir');
  const name = readdirSync(folder).find((each) => each.endsWith('.incr.aof'));
  return join(folder, name ?? '');
};

const olderFolder: GoBack = async ({ redis }) => {
  const copy = `${redis.dir}-copy`;
  await redis.end();
  cpSync(redis.dir, copy, { recursive: true });
  await redis.restart();
  return async () => {
    await redis.kill9();
    rmSync(redis.dir, { recursive: true });
    cpSync(copy, redis.dir, { recursive: true });
    rmSync(copy, { recursive: true });
    await redis.restart();
  };
};

const lostWrites: GoBack = async ({ redis }) => {
  const file = appendOnlyFile(redis.dir);
  const { size } = statSync(file);
  return async () => {
    await redis.kill9();
    truncateSync(file, size);
    await redis.restart();
  };
};

/** Neither a connection nor the run of the server ends. */
const olderDump: GoBack = async ({ redis }) => {
  await redis.cli('SAVE');
  return async () => void (await redis.cli('DEBUG', 'RELOAD', 'NOSAVE'));
};

const emptied: GoBack = ({ redis }) => Promise.resolve(async () => void (await redis.cli('FLUSHALL')));

const WAYS: readonly { name: string; goBack: GoBack; keepsLive: boolean; reconnects: boolean }[] = [
  { name: 'an older copy of its folder', goBack: olderFolder, keepsLive: true, reconnects: true },
  { name: 'lost writes', goBack: lostWrites, keepsLive: true, reconnects: true },
  { name: 'an older dump, loaded while it runs', goBack: olderDump, keepsLive: true, reconnects: false },
  { name: 'nothing in it', goBack: emptied, keepsLive: false, reconnects: false },
];

interface History {
  readonly live: Created;
  /** Of two views one was taken: burnt where it came back whole, lost with everything else. */
  readonly half: Created;
  readonly gone: readonly Created[];
  readonly restore: Restore;
}

async function makeHistory(scene: Scene, goBack: GoBack): Promise<History> {
  const { client } = scene;
  const create = (fields = {}) => client.create(fields);
  const [live, opened, leased, burnt] = [await create(), await create(), await create(), await create()];
  const twice = await create({ maxViews: 2 });
  await scene.caughtUp();
  const restore = await goBack(scene);
  await until(async () => (await client.send('GET', '/health/ready')).status === 200);
  expect((await client.get(opened.id)).status).toBe(200);
  const claim = newClaim();
  expect((await client.reveal(leased.id, { claim })).status).toBe(200);
  expect((await client.acknowledge(leased.id, claim)).status).toBe(204);
  expect((await client.burn(burnt.id)).status).toBe(204);
  expect((await client.get(twice.id)).status).toBe(200);
  await scene.caughtUp();
  return { live, half: twice, gone: [opened, leased, burnt], restore };
}

async function expectClosed({ client }: Scene, { live, half, gone }: History): Promise<void> {
  for (const { id } of [live, half, ...gone]) {
    expect(await client.reveal(id, { claim: newClaim() })).toMatchObject({
      status: 503,
      body: { code: 'store_unavailable' },
    });
    expect((await client.status(id)).status).toBe(503);
  }
  expect((await client.tryCreate({ content: 'x' })).status).toBe(503);
  expect((await client.send('GET', '/health/ready')).status).toBe(503);
  expect((await client.send('GET', '/health/live')).status).toBe(200);
}

async function expectAsRecorded(
  { client }: Scene,
  { live, half, gone }: History,
  keepsLive = true,
): Promise<void> {
  await until(async () => (await client.send('GET', '/health/ready')).status === 200);
  for (const { id, ref } of gone)
    expect([ref, (await client.reveal(id, { claim: newClaim() })).status]).toEqual([ref, 410]);
  expect((await client.get(half.id)).status).toBe(keepsLive ? 410 : 404);
  expect((await client.get(live.id)).status).toBe(keepsLive ? 200 : 404);
  const later = await client.create();
  expect((await client.get(later.id)).status).toBe(200);
}

describe.each(databaseMatrix())('a Redis that goes back in time beside $name', ({ name: engine }) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open(engine);
  });
  afterAll(() => scene.close());

  // PGlite goes through every way only in the full run: what is reconciled does not depend on the engine.
  const ways = IS_FULL_RUN || engine === 'PostgreSQL' ? WAYS : WAYS.slice(0, 1);

  it.each(ways)(
    'with $name: opens nothing until it is reconciled',
    async ({ goBack, keepsLive, reconnects }) => {
      const history = await makeHistory(scene, goBack);
      let hammering = reconnects;
      const statuses = new Set<number>();
      const hammer = (async () => {
        while (hammering) {
          const answers = history.gone.map(({ id }) => scene.client.reveal(id, { claim: newClaim() }));
          for (const { status } of await Promise.all(answers)) statuses.add(status);
        }
      })();
      await history.restore();
      await until(async () => (await scene.position()).state === 'behind');
      hammering = false;
      await hammer;
      expect([...statuses].filter((status) => status !== 503 && status !== 410)).toEqual([]);

      await expectClosed(scene, history);
      const { buckets, reason, action } = await scene.position();
      expect(buckets).toEqual(expect.arrayContaining([...new Set(history.gone.map(bucketOf))]));
      expect(reason).toMatch(
        /Redis (ends at event \d+|has no position of its chain), the database at event \d+/,
      );
      expect(action).toContain('redis reconcile');
      await until(() => scene.app.output().includes('Redis has gone back in time'));
      expect(await scene.metric('burnbag_redis_position_up')).toBe(0);
      expect(await scene.metric('burnbag_redis_buckets_behind')).toBe(buckets.length);

      expect(await scene.reconcile()).toContain(
        keepsLive ? '4 had come back: burnt again' : '0 had come back',
      );
      await expectAsRecorded(scene, history, keepsLive);
      await until(async () => (await scene.position()).state === 'current');
      expect(await scene.metric('burnbag_redis_buckets_behind')).toBe(0);
      expect(await scene.reconcile()).toContain(' 0 had come back');
    },
  );

  it('is closed at the start, too', async () => {
    const history = await makeHistory(scene, olderFolder);
    await scene.stop();
    await history.restore();
    await scene.start();
    await expectClosed(scene, history);
    await scene.reconcile();
    await expectAsRecorded(scene, history);
  });

  it('believes no position that it did not sign', async () => {
    const history = await makeHistory(scene, emptied);
    const bucket = bucketOf(history.gone[0] as Created);
    const forged = (await scene.db.getBuffer(outboxKeys(bucket).head)) ?? Buffer.alloc(0);
    forged.writeBigInt64BE(1_000_000n, 3);
    await scene.stop();
    await history.restore();
    await scene.db.set(outboxKeys(bucket).head, forged);
    await scene.start();
    const { state, buckets } = await scene.position();
    expect([state, buckets.includes(bucket)]).toEqual(['behind', true]);
    await scene.reconcile();
    await expectAsRecorded(scene, history, false);
  });

  it('starts on the data of a release that kept no marks', async () => {
    const secret = await scene.client.create();
    await scene.caughtUp();
    await scene.stop();
    await scene.db.del(...BUCKETS.map((bucket) => positionKeys(bucket).compared));
    await scene.start();
    expect(await scene.position()).toEqual({ state: 'current', buckets: [] });
    expect((await scene.client.get(secret.id)).status).toBe(200);
  });

  it('reconciles by itself with REDIS_RECONCILE=auto, and serves on without a restart', async () => {
    await scene.stop();
    await scene.start({ REDIS_RECONCILE: 'auto' });
    for (const { goBack, keepsLive } of WAYS) {
      const history = await makeHistory(scene, goBack);
      const before = scene.app.output().split('Redis was reconciled').length;
      await history.restore();
      await until(() => scene.app.output().split('Redis was reconciled').length > before);
      await expectAsRecorded(scene, history, keepsLive);
    }
  });
});

it('opens nothing while the database says what was not signed', async () => {
  const scene = await Scene.open('PostgreSQL');
  const { id } = await scene.client.create();
  await scene.caughtUp();
  await scene.stop();
  await onServer(scene.env['DATABASE_URL'] ?? '', 'UPDATE audit_chains SET sequence = 0');
  await scene.start();
  expect(await scene.position()).toMatchObject({
    state: 'unproven',
    reason: expect.stringContaining('not signed'),
  });
  expect((await scene.client.get(id)).status).toBe(503);
  await scene.close();
});
