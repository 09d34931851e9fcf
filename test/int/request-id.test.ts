import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { startApp, type TestApp } from '../support/app-process.js';
import { Client, type Answer } from './kit/client.js';
import { openPortal, until, type Portal } from './kit/portal.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const UNSAFE = ['x'.repeat(65), 'two words', 'a"b', '{"level":"fatal"}', 'caf\u00e9', ''];

let portal: Portal;
let behindProxy: TestApp;
let client: Client;

beforeAll(async () => {
  portal = await openPortal();
  const env = { ...portal.env, TRUST_PROXY: 'loopback' };
  behindProxy = await startApp({ env, redisUrl: portal.redis.url });
  client = new Client(behindProxy.url);
});
afterAll(async () => {
  client.close();
  await behindProxy.stop();
  await portal.close();
});

const named = (to: Client, name: string): Promise<Answer> =>
  to.send('GET', '/api/v1/nothing', { headers: { 'X-Request-Id': name } });

/** The request ids of all lines that the app has logged; every line is JSON with a time and a level. */
async function loggedIds({ output }: TestApp, requests: number): Promise<unknown[]> {
  const lines = () => output().matchAll(/^\{.*\}$/gm);
  const ids = () =>
    [...lines()].flatMap(([line]) => {
      const { time, level, reqId, msg } = JSON.parse(line) as Record<string, unknown>;
      expect([time, level]).toEqual([
        expect.stringMatching(/^\d{4}-.*Z$/),
        expect.stringMatching(/^[a-z]+$/),
      ]);
      return msg === 'request' ? [reqId] : [];
    });
  await until(() => ids().length >= requests);
  return ids();
}

it('keeps the name that a trusted proxy gave a request, in the answer and in the log', async () => {
  const name = '4bf92f3577b34da6a3ce929d0e0e4736';
  expect((await named(client, name)).body['requestId']).toBe(name);
  for (const unsafe of UNSAFE) {
    const { body } = await named(client, unsafe);
    expect([unsafe, body['requestId']]).toEqual([unsafe, expect.stringMatching(UUID)]);
  }
  const ids = await loggedIds(behindProxy, 1 + UNSAFE.length);
  expect(ids[0]).toBe(name);
  expect(ids.slice(1)).toEqual(UNSAFE.map(() => expect.stringMatching(UUID)));
});

it('names requests itself where the peer is not the trusted proxy', async () => {
  const env = { ...portal.env, TRUST_PROXY: '10.0.0.0/8' };
  const app = await startApp({ env, redisUrl: portal.redis.url });
  const direct = new Client(app.url);
  // A client that reaches the app past its proxy may claim to be behind it.
  const headers = { 'X-Request-Id': 'chosen-by-a-client', 'X-Forwarded-For': '10.0.0.1' };
  const { body } = await direct.send('GET', '/api/v1/nothing', { headers });
  expect(body['requestId']).toMatch(UUID);
  expect(await loggedIds(app, 1)).toEqual([expect.stringMatching(UUID)]);
  expect(app.output()).not.toContain('chosen-by-a-client');
  direct.close();
  await app.stop();
});

it('names requests itself where no proxy is trusted', async () => {
  expect((await named(portal.client, 'chosen-by-anybody')).body['requestId']).toMatch(UUID);
  const [app] = portal.apps;
  if (!app) throw new Error('a portal has an app');
  expect(await loggedIds(app, 1)).toEqual([expect.stringMatching(UUID)]);
  expect(app.output()).not.toContain('chosen-by-anybody');
});
