import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startApp, type TestApp } from '../support/app-process.js';
import { replicationLine, type ReplicationLine } from '../support/replication-line.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { Client, newClaim, type Answer, type Created } from './kit/client.js';
import { connectTo, keysOf, newKeys, until } from './kit/portal.js';

let master: TestRedis;
let replica: TestRedis;
let line: ReplicationLine;
let app: TestApp;
let client: Client;

const START_MS = 180_000;
const env = { BURN_QUORUM: '1', BURNBAG_KEYS: newKeys() };
const replicaPort = () => Number(new URL(replica.url).port);
const online = async () => (await master.cli('INFO', 'replication')).includes('state=online');
const metric = async (name: string): Promise<number> => {
  const { text } = await client.send('GET', '/metrics');
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? 0,
  );
};
const quorumHolds = async () => (await metric('burnbag_burn_quorum_up')) === 1;
const withheld = () => metric('burnbag_burn_quorum_failures_total{kind="withheld"}');
const refused = () => metric('burnbag_burn_quorum_failures_total{kind="refused"}');
const UNAVAILABLE = { status: 503, body: { code: 'store_unavailable' } };
const ANSWERS = 50;

/** Is created as soon as the replica is quick enough. */
async function created(content = 'a secret'): Promise<Created> {
  let answer: Answer | undefined;
  await until(async () => {
    answer = await client.tryCreate({ content });
    return answer.status === 201;
  });
  return JSON.parse(answer?.text ?? '') as Created;
}

beforeAll(async () => {
  [master, replica] = await Promise.all([startRedis(), startRedis()]);
  line = await replicationLine(Number(new URL(master.url).port));
  await master.cli('CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
  await replica.cli('REPLICAOF', '127.0.0.1', String(line.port));
  await until(online, 30_000);
  app = await startApp({ redisUrl: master.url, env });
  client = new Client(app.url);
}, START_MS);
afterAll(async () => {
  client.close();
  await app.stop();
});

describe('with BURN_QUORUM=1', () => {
  it('an answer means that the replica holds it', async () => {
    const db = connectTo(replica);
    let answered = 0;
    const tryOne = async (_: unknown, n: number): Promise<void> => {
      const made = await client.tryCreate({ content: `held ${n}` });
      // A replica that stands still for a second holds nothing, and then that is the answer.
      if (made.status !== 201) return void expect(made).toMatchObject(UNAVAILABLE);
      const { id } = JSON.parse(made.text) as Created;
      expect(await db.exists(keysOf(id).record)).toBe(1);
      const opened = await client.reveal(id);
      if (opened.status !== 200) return void expect(opened).toMatchObject(UNAVAILABLE);
      expect(opened.body).toMatchObject({ content: `held ${n}` });
      expect(await db.exists(keysOf(id).record)).toBe(0);
      expect(await db.exists(keysOf(id).tombstone)).toBe(1);
      answered += 1;
    };
    while (answered < ANSWERS) {
      await until(quorumHolds);
      await Promise.all(Array.from({ length: ANSWERS }, tryOne));
    }
    db.disconnect();
  });

  it('content is withheld while the replica is deaf, and its claimant gets it afterwards', async () => {
    const [first, second] = [await created('first'), await created()];
    const claim = newClaim();
    const before = { withheld: await withheld(), refused: await refused() };
    line.freeze(replicaPort());
    expect(await client.reveal(first.id, { claim })).toMatchObject(UNAVAILABLE);
    expect(await withheld()).toBe(before.withheld + 1);
    // From here on nothing is burnt that could not be shown.
    expect(await client.get(second.id)).toMatchObject(UNAVAILABLE);
    expect(await client.tryCreate({ content: 'none' })).toMatchObject(UNAVAILABLE);
    expect(await client.reveal(first.id, { claim })).toMatchObject(UNAVAILABLE);
    expect(await refused()).toBe(before.refused + 3);
    expect((await client.status(second.id)).body).toMatchObject({ state: 'live' });
    expect((await client.send('GET', '/health/ready')).status).toBe(200);

    line.thaw(replicaPort());
    await until(quorumHolds, 60_000);
    await until(async () => (await client.reveal(first.id, { claim })).status === 200);
    expect((await client.reveal(first.id, { claim })).body).toMatchObject({ content: 'first' });
    expect((await client.reveal(first.id, { claim: newClaim() })).status).toBe(410);
    expect((await client.get(second.id)).body).toMatchObject({ content: 'a secret' });
  });

  it('a master whose replica is gone says so at the start, and works when it is back', async () => {
    await replica.kill9();
    await until(async () => !(await online()), 30_000);
    const late = await startApp({ redisUrl: master.url, env });
    // The log has its own way out, which may be slower than the line that says that it is ready.
    await until(() => late.output().includes('too few replicas hold what is burnt'));
    await late.stop();
    await replica.restart();
    await replica.cli('REPLICAOF', '127.0.0.1', String(line.port));
    // Who was asked for nothing meanwhile has not noticed that it was away.
    await until(online);
    await created('again');
  });
});
