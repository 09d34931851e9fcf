import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';

import { idBytes } from '../../src/common/ids.js';
import { openDatabase, type DatabaseTarget } from '../../src/database/open-database.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { startApp } from '../support/app-process.js';
import { filesBelow } from '../support/files-below.js';
import { startPostgres, type TestPostgres } from '../support/postgres-server.js';
import { startRedis } from '../support/redis-server.js';
import { Client, newClaim } from './kit/client.js';
import { connectTo, newKeys, openPortal, until, type Portal } from './kit/portal.js';
import { caughtUp, targetOf, waitingIds } from './kit/recorded.js';
import { seal } from './kit/sealed.js';
import { trailRows } from './kit/trail-bench.js';

const CONTENT = 'zebra-crossing-at-midnight';
const FILE = 'payroll-2026-final.xlsx';
const PASSPHRASE = 'correct horse battery';
const WRONG = 'incorrect mule fuel cell';

/** A thing that must be nowhere, by name, in every spelling that a dump could hold it in. */
type Needles = ReadonlyMap<string, readonly Buffer[]>;

function spellings(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  const [standard, url] = [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
  return [bytes, ...[hex, hex.toUpperCase(), standard, url].map((text) => Buffer.from(text))];
}

function found(needles: Needles, haystack: Buffer): string[] {
  return [...needles].flatMap(([name, forms]) =>
    forms.some((form) => haystack.includes(form)) ? [name] : [],
  );
}

/** Does everything that can be done to secrets. @returns what must not be found anywhere afterwards */
async function everything({ client }: Portal): Promise<Needles> {
  const needles = new Map<string, Buffer[]>();
  const hide = (name: string, ...texts: (string | Buffer)[]): void => {
    needles.set(name, [
      ...texts.filter((text) => typeof text === 'string').map((text) => Buffer.from(text)),
      ...texts.filter((text) => Buffer.isBuffer(text)).flatMap(spellings),
    ]);
  };
  for (const text of [CONTENT, FILE, PASSPHRASE, WRONG]) hide(text, Buffer.from(text));
  const create = async (name: string, fields: Readonly<Record<string, unknown>>) => {
    const made = await client.create({ content: CONTENT, ...fields });
    hide(`the id of ${name}`, made.id, idBytes(made.id));
    hide(`the receipt of ${name}`, made.receiptToken, Buffer.from(made.receiptToken, 'base64url'));
    return made;
  };
  const claims = [newClaim(), newClaim()] as const;
  claims.forEach((claim, n) => hide(`claim ${n}`, claim, Buffer.from(claim, 'base64url')));

  const plain = await create('a plain one', { content: `${FILE}\n${CONTENT}` });
  await client.head(plain.id);
  await client.reveal(plain.id, { claim: claims[0] });
  await client.reveal(plain.id, { claim: claims[0] });
  await client.acknowledge(plain.id, claims[0]);
  await client.receipt(plain.receiptToken);
  const guarded = await create('a guarded one', { passphrase: PASSPHRASE, maxViews: 2 });
  for (let guess = 0; guess < 2; guess += 1) await client.reveal(guarded.id, { passphrase: WRONG });
  await client.get(guarded.id, { 'X-Passphrase': PASSPHRASE });
  const locked = await create('a locked one', { passphrase: PASSPHRASE });
  for (let guess = 0; guess < 6; guess += 1) await client.reveal(locked.id, { passphrase: WRONG });
  const burnt = await create('a burnt one', { passphrase: PASSPHRASE });
  await client.burn(burnt.id, { json: { passphrase: PASSPHRASE } });
  const revoked = await create('a revoked one', {});
  await client.burn(revoked.id, { headers: { 'X-Receipt-Token': revoked.receiptToken } });
  const shut = await seal(CONTENT);
  hide('the proof', shut.proof, Buffer.from(shut.proof, 'base64url'));
  hide('the identity', shut.identity);
  const sealed = await create('a sealed one', shut.fields);
  await client.reveal(sealed.id, { proof: newClaim() + newClaim().slice(0, 21) });
  await client.reveal(sealed.id, { proof: shut.proof, claim: claims[1] });
  return needles;
}

async function databaseDump(target: DatabaseTarget): Promise<Buffer> {
  const database = await openDatabase(target, { door: true });
  const tables = await database.query<{ name: string }>(
    "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  expect(tables.length).toBeGreaterThanOrEqual(6);
  let dump = '';
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    dump += `${name}\n${rows.map(({ row }) => row).join('\n')}\n`;
  }
  await database.close();
  return Buffer.from(dump);
}

async function redisDump(db: Redis): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const key of await db.keys('*')) {
    const type = await db.type(key);
    parts.push(Buffer.from(`\n${key} `));
    if (type === 'string') parts.push((await db.getBuffer(key)) ?? Buffer.alloc(0));
    else if (type === 'stream') parts.push(...(await db.xrangeBuffer(key, '-', '+')).flat(3));
    else if (type === 'hash')
      parts.push(...(await db.hvalsBuffer(key)), Buffer.from((await db.hkeys(key)).join(' ')));
    // The time of a key may be over since the keys were listed.
    else if (type !== 'none') throw new Error(`a ${type} was not expected in ${key}`);
  }
  return Buffer.concat(parts);
}

function folderDump(folder: string): Buffer {
  const read = (path: string): Buffer[] => {
    try {
      return [readFileSync(path)];
    } catch (error) {
      // The database may have removed it meanwhile.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  return Buffer.concat(filesBelow(folder).flatMap(read));
}

describe.each(databaseMatrix())('the trail in $name holds nothing that opens a secret', (engine) => {
  it('in any table, and in its files', async () => {
    const portal = await openPortal({ env: { AUDIT_IP: 'full' }, engine });
    const needles = await everything(portal);
    await caughtUp(portal);
    const dump = await databaseDump(targetOf(portal));
    // What is meant to be there is, so the search can find something.
    expect(dump.toString()).toMatch(/attempt_failed.*127\.0\.0\.1/);
    expect(found(needles, dump)).toEqual([]);
    expect(found(needles, await redisDump(portal.db))).toEqual([]);
    if (engine.name === 'PGlite') {
      const files = folderDump(join(portal.apps[0]?.dataDir ?? '', 'pg'));
      expect(files.includes('attempt_failed')).toBe(true);
      expect(found(needles, files)).toEqual([]);
    }
    await portal.close();
  });
});

describe('with PostgreSQL', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it('nothing waits in the outbox that opens a secret', async () => {
    const url = await postgres.createDatabase();
    await postgres.kill9();
    const portal = await openPortal({ env: { DATABASE_URL: url } });
    const needles = await everything(portal);
    expect((await waitingIds(portal)).length).toBeGreaterThan(20);
    const dump = await redisDump(portal.db);
    expect(dump.includes('attempt_failed')).toBe(true);
    expect(found(needles, dump)).toEqual([]);
    await postgres.restart();
    await portal.close();
  });

  it('of an address as much is kept as AUDIT_IP says, behind a proxy, too', async () => {
    const addresses = ['203.0.113.77', '203.0.113.78', '2001:db8:1:2::77', '::ffff:203.0.113.77'];
    const expected = {
      full: ['203.0.113.77', '203.0.113.78', '2001:db8:1:2::77', '203.0.113.77'],
      masked: ['203.0.113.0', '203.0.113.0', '2001:db8:1::', '203.0.113.0'],
      off: [null, null, null, null],
    };
    const kept = await Promise.all(
      (['full', 'masked', 'hashed', 'off'] as const).map(async (setting) => {
        const [url, redis] = await Promise.all([postgres.createDatabase(), startRedis()]);
        const env = {
          BURNBAG_KEYS: newKeys(),
          DATABASE_URL: url,
          AUDIT_IP: setting,
          TRUST_PROXY: 'loopback',
          RATE_LIMIT: 'on',
        };
        const app = await startApp({ env, redisUrl: redis.url });
        const client = new Client(app.url);
        const db = connectTo(redis);
        const refs: string[] = [];
        for (const address of addresses) {
          const headers = {
            'X-Forwarded-For': `198.51.100.1, ${address}`,
            'User-Agent': `Agent ${'x'.repeat(500)}`,
          };
          const { body } = await client.send('POST', '/api/v1/secrets', { json: { content: 'x' }, headers });
          refs.push(String(body.ref));
        }
        const database = await openDatabase({ url });
        await until(async () => (await trailRows(database)).length === addresses.length);
        const rows = await trailRows(database);
        await database.close();
        const logged = () => [...app.output().matchAll(/^\{.*"msg":"request"\}$/gm)].map(([line]) => line);
        await until(() => logged().length >= addresses.length);
        const log = logged().join('\n');
        const dump = Buffer.concat([await databaseDump({ url }), await redisDump(db)]).toString() + log;
        const inLog = logged().map((line) => (JSON.parse(line) as { ip?: string }).ip ?? null);
        client.close();
        db.disconnect();
        await app.stop();
        expect(rows.every((row) => row.user_agent === `Agent ${'x'.repeat(194)}`)).toBe(true);
        const addressesKept = refs.map((ref) => rows.find((row) => row.ref === ref)?.ip_address);
        // One rule for both: what the trail may not hold stands in no log either.
        expect(inLog).toEqual(addressesKept);
        return { setting, dump, kept: addressesKept };
      }),
    );
    for (const { setting, dump, kept: addressesKept } of kept) {
      expect(dump).not.toContain('198.51.100');
      if (setting !== 'full') for (const address of addresses) expect(dump).not.toContain(address);
      if (setting !== 'hashed') {
        expect(addressesKept).toEqual(expected[setting]);
        continue;
      }
      // Told apart, and the same however it is written; 128 bits that only the keyring can repeat.
      const [one, other, six, mapped] = addressesKept;
      expect(one).toMatch(/^[\w-]{22}$/);
      expect(mapped).toBe(one);
      expect(new Set([one, other, six]).size).toBe(3);
    }
  });
});
