import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startApp } from '../support/app-process.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { Client } from './kit/client.js';
import { newKeys, until } from './kit/portal.js';
import { refusal } from './kit/refusal.js';

const ALL = ['~*', '&*', '+@all'];
const MANY = 400;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
  const users = {
    noselect: ['-select'],
    noname: ['-client|setname'],
    noinfo: ['-info'],
  };
  for (const [name, rights] of Object.entries(users))
    await redis.cli('ACL', 'SETUSER', name, 'on', '>hunter2', ...ALL, ...rights);
});
afterAll(() => redis.stop());

const urlAs = (user: string, path = '', password = 'hunter2') =>
  `${redis.url.replace('redis://', `redis://${user}:${password}@`)}${path}`;

/** What the process says that must not serve. */
async function refused(url: string): Promise<string> {
  const said = await refusal({ BURNBAG_KEYS: newKeys() }, url);
  expect(said).not.toContain('hunter2');
  expect(said).not.toContain('connected to Redis');
  return said;
}

describe('a start refuses a Redis that refuses', () => {
  it.each([
    [
      'a database that the ACL denies',
      'noselect',
      '/3',
      'Redis refuses the database (NOPERM',
      'in REDIS_URL',
    ],
    ['a database that does not exist', 'default', '/999', 'Redis refuses the database (ERR', 'in REDIS_URL'],
    [
      'the name of the connection',
      'noname',
      '',
      'Redis refuses CLIENT SETNAME (NOPERM',
      'grant client|setname',
    ],
    ['the question for its state', 'noinfo', '', 'Redis refuses INFO:', 'grant it to the user'],
    ['the login', 'nobody', '', 'Redis refuses the login (WRONGPASS', 'check REDIS_URL'],
  ])('%s', async (_, user, path, what, remedy) => {
    const url = user === 'default' ? `${redis.url}${path}` : urlAs(user, path);
    const line = (await refused(url)).split('\n').find((each) => each.startsWith('Redis refuses'));
    expect(line).toContain(what);
    expect(line).toContain(remedy);
    // Not a word of it in database 0, or anywhere.
    expect(await redis.cli('KEYS', '*')).toBe('');
  });

  it('serves from the database that it was told', async () => {
    const app = await startApp({ env: { BURNBAG_KEYS: newKeys() }, redisUrl: `${redis.url}/3` });
    const client = new Client(app.url);
    await client.create();
    expect(await redis.cli('KEYS', '*')).toBe('');
    expect(await redis.cli('INFO', 'keyspace')).toContain('db3:');
    client.close();
    await app.stop();
  });
});

it('serves no more once a reconnection is refused its database, and again when it is not', async () => {
  await redis.cli('ACL', 'SETUSER', 'later', 'on', '>hunter2', ...ALL);
  const app = await startApp({ env: { BURNBAG_KEYS: newKeys() }, redisUrl: urlAs('later', '/4') });
  const client = new Client(app.url);
  await client.create();
  await redis.cli('ACL', 'SETUSER', 'later', '-select');
  await redis.cli('CLIENT', 'KILL', 'USER', 'later');
  await until(() => app.output().includes('Redis refuses the database'));
  for (let tries = 0; tries < MANY; tries += 1) {
    expect((await client.tryCreate({ content: 'not into database 0' })).status).toBe(503);
  }
  expect((await client.send('GET', '/health/ready')).status).toBe(503);
  expect(await redis.cli('KEYS', '*')).toBe('');
  await redis.cli('ACL', 'SETUSER', 'later', '+select');
  await until(async () => (await client.tryCreate({ content: 'again' })).status === 201);
  expect(await redis.cli('KEYS', '*')).toBe('');
  expect(app.output()).not.toContain('hunter2');
  client.close();
  await app.stop();
});

it('serves no cluster whose servers refuse a step', async () => {
  const member = await startRedis({
    config: { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' },
  });
  await member.cli('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await member.cli('ACL', 'SETUSER', 'noname', 'on', '>hunter2', ...ALL, '-client|setname');
  await until(async () => (await member.cli('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  const said = await refusal({
    BURNBAG_KEYS: newKeys(),
    REDIS_MODE: 'cluster',
    REDIS_URLS: member.url.replace('redis://', 'redis://noname:hunter2@'),
  });
  expect(said).toMatch(/^Redis refuses CLIENT SETNAME \(NOPERM.*REDIS_URLS$/m);
  expect(said).not.toContain('hunter2');
  await member.stop();
});
