import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startApp } from '../support/app-process.js';
import { sendCommand, startRedis, type TestRedis } from '../support/redis-server.js';
import { Client, newClaim } from './kit/client.js';
import { until } from './kit/portal.js';
import { created, sendForm } from './kit/uploads.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const names = (folder: string) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' });

/** What the app sends beside what its scripts call: connections, boot checks, the operator's commands, a cluster. */
const SENT = [
  'asking',
  'client',
  'cluster',
  'eval',
  'evalsha',
  'hget',
  'hsetnx',
  'info',
  'ping',
  'readonly',
  'scan',
  'wait',
];

const sources = names('src').flatMap((name) => (name.endsWith('.lua') ? [read(`src/${name}`)] : []));
const called = new Set(
  sources.flatMap((source) =>
    [...source.matchAll(/redis\.p?call\(\s*'(\w+)'/g)].map(([, name = '']) => name.toLowerCase()),
  ),
);
const template = read('docker/redis-users.acl');
const ofBurnbag = template.split('\n').find((line) => line.startsWith('user burnbag ')) ?? '';
const allowed = [...ofBurnbag.matchAll(/ \+([\w|]+)/g)].map(([, name = '']) => name);

const folder = mkdtempSync(join(tmpdir(), 'burnbag-acl-'));
const password = randomBytes(16).toString('hex');
let redis: TestRedis;
let url: string;

beforeAll(async () => {
  const hash = createHash('sha256').update(password).digest('hex');
  const users = template.replace('PASSWORD_SHA256', hash);
  const aclfile = join(folder, 'users.acl');
  writeFileSync(aclfile, `${users}user watcher on nopass ~* &* +@all\n`);
  redis = await startRedis({ config: { aclfile }, login: 'health:health' });
  url = redis.url.replace('redis://', `redis://burnbag:${password}@`);
});
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true });
});

const asBurnbag = (...args: string[]) => sendCommand(url, args);
const asWatcher = (...args: string[]) => sendCommand(redis.url.replace('//', '//watcher:any@'), args);

describe('the ACL file', () => {
  it('allows what is used, and nothing else', () => {
    const needed = new Set([...SENT, ...called]);
    expect([...new Set(allowed.map((name) => name.split('|')[0]))].toSorted()).toEqual(
      [...needed].toSorted(),
    );
    // Whatever calls a command by a name that stands somewhere else would not be seen here.
    for (const source of sources) expect(source).not.toMatch(/redis\.p?call\(\s*[^'\s]/);
  });

  it('lets every command of every script through, from inside a script', async () => {
    for (const name of called) {
      const args = name === 'xgroup' ? "'CREATE', KEYS[1], 'g', '0'" : 'KEYS[1]';
      const source = `local r = redis.pcall('${name}', ${args}) return type(r) == 'table' and r.err or ''`;
      const said = await asBurnbag('EVAL', source, '1', 'bb:{00}:s:x');
      expect([name, /acl|permission/i.test(said)]).toEqual([name, false]);
    }
    const refused = "return redis.pcall('config', 'get', 'dir').err";
    expect(await asBurnbag('EVAL', refused, '0')).toMatch(/permission|can't run|not allowed/i);
  });

  it.each([
    ['KEYS', '*'],
    ['CONFIG', 'GET', 'dir'],
    ['CONFIG', 'SET', 'dir', '/tmp'],
    ['MONITOR'],
    ['DEBUG', 'SLEEP', '0'],
    ['FLUSHALL'],
    ['SHUTDOWN', 'NOSAVE'],
    ['REPLICAOF', 'NO', 'ONE'],
    ['SCRIPT', 'FLUSH'],
    ['FUNCTION', 'LIST'],
    ['ACL', 'LIST'],
    ['CLIENT', 'LIST'],
    ['SLOWLOG', 'GET'],
    ['DUMP', 'bb:{00}:s:x'],
    ['RESTORE', 'bb:{00}:s:y', '0', 'x'],
    ['RENAME', 'bb:{00}:s:x', 'bb:{00}:s:y'],
    ['PUBLISH', 'channel', 'x'],
    ['GET', 'other'],
    ['EVAL', 'return 1', '1', 'other'],
  ])('refuses %s %s', async (...command) => {
    await expect(asBurnbag(...command)).rejects.toThrow(/NOPERM|DEBUG command not allowed/);
  });

  it.each([
    ['without a name', '', 'NOAUTH'],
    ['as the default user without a password', 'default:@', 'WRONGPASS'],
    ['as the default user with any password', 'default:any@', 'WRONGPASS'],
  ])('lets no client in %s', async (_, login, refusal) => {
    const unnamed = redis.url.replace('//', `//${login}`);
    for (const command of [['PING'], ['GET', 'bb:{00}:s:x']])
      await expect(sendCommand(unnamed, command)).rejects.toThrow(refusal);
  });

  it('lets the user of probes ask whether the server answers, and nothing else', async () => {
    expect(await redis.cli('PING')).toBe('PONG');
    const others = [['INFO'], ['GET', 'bb:{00}:s:x'], ['EVAL', 'return 1', '0'], ['SUBSCRIBE', 'x']];
    for (const command of others) await expect(redis.cli(...command)).rejects.toThrow(/NOPERM/);
  });

  it('carries a portal through all that it does, and Redis has refused nothing', async () => {
    await asWatcher('ACL', 'LOG', 'RESET');
    const env = { RATE_LIMIT: 'on', FILE_SWEEP_SECONDS: '1' };
    const app = await startApp({ redisUrl: url, env });
    const client = new Client(app.url);
    const guarded = await client.create({ passphrase: 'p', maxViews: 2 });
    expect((await client.reveal(guarded.id, { passphrase: 'q' })).status).toBe(403);
    const claim = newClaim();
    expect((await client.reveal(guarded.id, { passphrase: 'p', claim })).status).toBe(200);
    expect((await client.acknowledge(guarded.id, claim)).status).toBe(204);
    expect((await client.burn(guarded.id, { json: { passphrase: 'p' } })).status).toBe(204);
    expect((await client.receipt(guarded.receiptToken)).status).toBe(200);
    const files = created(await sendForm(client, [{ name: 'file', filename: 'a.txt', body: 'abc' }]));
    const taken = await client.send('GET', `/api/v1/files/${files.id}`, { headers: { 'X-Claim': claim } });
    expect([taken.status, taken.text]).toEqual([200, 'abc']);
    expect((await client.acknowledge(files.id, claim)).status).toBe(204);
    expect((await client.send('GET', '/api/v1/stats')).status).toBe(200);
    await until(async () => Number(await asWatcher('XLEN', 'bb:{00}:outbox')) === 0, 30_000);
    client.close();
    expect(await app.stop()).toBe(0);
    // ioredis says its name and version where it may, and does not mind where it may not.
    const log = (await asWatcher('ACL', 'LOG')).split('\n');
    const refused = log.filter((_, at) => log[at - 1] === 'object' && log[at] !== 'client|setinfo');
    expect(refused).toEqual([]);
  });
});
