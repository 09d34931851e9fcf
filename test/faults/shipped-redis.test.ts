import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { exclusively } from '../../scripts/lib/exclusive.mjs';
import { obtainRedisServer, REDIS_SERVERS } from '../../scripts/lib/obtain-redis-servers.mjs';
import { Client, newClaim, type Created } from '../int/kit/client.js';
import { newKeys, until } from '../int/kit/portal.js';
import { created as createdFiles, sendForm } from '../int/kit/uploads.js';
import { startApp, type TestApp } from '../support/app-process.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { sendCommand, startRedis } from '../support/redis-server.js';
import { startShippedRedis, type ShippedRedis } from '../support/shipped-redis.js';

/** `BB_REDIS_SERVERS=all` adds those that come as Python wheels. */
const servers = ['of this machine', ...(process.env['BB_REDIS_SERVERS'] === 'all' ? REDIS_SERVERS : [])];

async function programOf(name: string): Promise<string | undefined> {
  return name === 'of this machine' ? undefined : exclusively(() => obtainRedisServer(name));
}

async function rewriteAppendOnlyFile({ adminUrl }: ShippedRedis): Promise<void> {
  await sendCommand(adminUrl, ['BGREWRITEAOF']);
  await until(async () => {
    const info = await sendCommand(adminUrl, ['INFO', 'persistence']);
    return info.includes('aof_rewrite_in_progress:0') && info.includes('aof_rewrite_scheduled:0');
  });
}

describe.each(servers)('configuration and ACL as shipped, on the server %s', (name) => {
  let server: ShippedRedis;
  let app: TestApp;
  let client: Client;
  let database: OwnDatabase;

  beforeAll(async () => {
    server = await startShippedRedis(await programOf(name));
    database = await createOwnDatabase();
    const env = { BURNBAG_KEYS: newKeys(), DATABASE_URL: database.url };
    app = await startApp({ redisUrl: server.portalUrl, env });
    client = new Client(app.url);
  });
  afterAll(async () => {
    client.close();
    await app.stop();
    await database.drop();
    await server.redis.stop();
  });

  /** Makes one secret in each state. Returns a check that the portal still reports each of these states. */
  async function makeHistory(): Promise<() => Promise<void>> {
    const opened = await client.create();
    const acknowledged = await client.create();
    const burnt = await client.create();
    const twice = await client.create({ maxViews: 2 });
    const files = createdFiles(await sendForm(client, [{ name: 'file', filename: 'a.txt', body: 'abc' }]));
    await rewriteAppendOnlyFile(server);
    const content = randomBytes(8).toString('hex');
    const fresh = await client.create({ content });
    const locked = await client.create({ passphrase: 'p' });
    expect((await client.get(opened.id)).status).toBe(200);
    const claim = newClaim();
    expect((await client.reveal(acknowledged.id, { claim })).status).toBe(200);
    expect((await client.acknowledge(acknowledged.id, claim)).status).toBe(204);
    expect((await client.burn(burnt.id)).status).toBe(204);
    expect((await client.get(twice.id)).status).toBe(200);
    expect((await client.burn(files.id)).status).toBe(204);
    for (let tries = 0; tries < 5; tries += 1) await client.reveal(locked.id, { passphrase: 'wrong' });
    const state = async ({ id }: Created) => (await client.status(id)).body;
    return async () => {
      for (const { id } of [opened, acknowledged, burnt, files as Created])
        expect((await client.reveal(id, { claim: newClaim() })).status).toBe(410);
      expect(await state(twice)).toMatchObject({ state: 'live', viewsLeft: 1 });
      expect(await state(locked)).toMatchObject({ state: 'locked' });
      expect(await state(fresh)).toMatchObject({ state: 'live' });
      const last = await client.reveal(fresh.id, { claim: newClaim() });
      expect([last.status, last.body['content']]).toEqual([200, content]);
    };
  }

  it.each(['end', 'kill9'] as const)('tells after %s and a start what it told before', async (how) => {
    const expectAsTold = await makeHistory();
    await server.redis[how]();
    await server.redis.restart();
    await until(async () => (await client.send('GET', '/health/ready')).status === 200);
    await expectAsTold();
    await until(async () => (await client.send('GET', '/health')).body['status'] === 'ok');
  });

  it('a replica that resyncs and is promoted tells it, too', async () => {
    const { port } = new URL(server.redis.url);
    const replica = await startRedis({
      binary: await programOf(name),
      config: { replicaof: `127.0.0.1 ${port}`, masteruser: 'replica', masterauth: 'replica' },
    });
    const gone = await client.create();
    await rewriteAppendOnlyFile(server);
    const kept = await client.create();
    expect((await client.get(gone.id)).status).toBe(200);
    await server.redis.kill9();
    await server.redis.restart();
    await until(async () => (await replica.cli('INFO', 'replication')).includes('master_link_status:up'));
    const keys = async (url: string) =>
      (await sendCommand(url, ['KEYS', 'bb:*:[st]:*'])).split('\n').toSorted();
    await until(async () => {
      const [ours, theirs] = await Promise.all([keys(server.adminUrl), keys(replica.url)]);
      return ours.join() === theirs.join();
    });
    expect((await client.status(kept.id)).body).toMatchObject({ state: 'live' });
    expect((await client.reveal(gone.id)).status).toBe(410);
    await replica.stop();
  });
});
