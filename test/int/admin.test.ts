import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openDatabase } from '../../src/database/open-database.js';
import type { Row } from '../../src/database/database.port.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { newClaim } from './kit/client.js';
import { adminEnv, ALICE, personOf, rootOf, type Visitor } from './kit/visitors.js';
import { expectField, expectProblem } from './kit/problems.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';
import { caughtUp, recordedRows, targetOf } from './kit/recorded.js';

const ROUTES = [
  ['GET', '/admin/overview'],
  ['GET', '/admin/secrets'],
  ['POST', `/admin/secrets/${'ab'.repeat(16)}/burn`],
  ['POST', `/admin/secrets/${'ab'.repeat(16)}/unlock`],
  ['GET', '/admin/audit'],
  ['GET', '/admin/audit/export?format=csv'],
  ['POST', '/admin/audit/verify'],
  ['GET', '/admin/system'],
  ['GET', '/admin/tokens'],
  ['DELETE', `/admin/tokens/${'ab'.repeat(16)}`],
  ['GET', '/admin/sessions'],
  ['DELETE', '/admin/sessions/0123456789abcdef'],
] as const;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const HOUR_MS = 3_600_000;

type Span = Readonly<Record<string, number>> & { readonly start: string };
type Listed = Readonly<Record<string, unknown>> & { readonly ref: string };

describe.each(databaseMatrix())('an administrator, on $name', (engine) => {
  let portal: Portal;
  let root: Visitor;

  beforeAll(async () => {
    portal = await openPortal({
      env: { ...(await adminEnv()), PASSPHRASE_ATTEMPTS: '3' },
      engine,
    });
    root = await rootOf(portal);
  });
  afterAll(() => portal.close());

  const get = async (path: string) => {
    const answer = await root.send('GET', path);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer;
  };
  /** Every page of the live secrets. */
  async function liveSecrets(limit = 200): Promise<Listed[]> {
    const found: Listed[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const { body } = await get(`/admin/secrets?limit=${limit}${cursor ? `&cursor=${String(cursor)}` : ''}`);
      found.push(...(body.secrets as Listed[]));
      cursor = body.nextCursor;
    }
    return found;
  }
  const listed = async (ref: string) => (await liveSecrets()).find((secret) => secret.ref === ref);
  async function select<R extends Row>(sql: string): Promise<R[]> {
    const database = await openDatabase(targetOf(portal), { door: true });
    try {
      return await database.query<R>(sql);
    } finally {
      await database.close();
    }
  }

  it.each(ROUTES)('alone may %s %s: anonymous callers get 401, and others 403', async (method, path) => {
    expectProblem(await portal.client.send(method, `/api/v1${path}`), 401, 'sign_in_required');
    const alice = await personOf(portal);
    expectProblem(await alice.send(method, path), 403, 'forbidden');
  });

  it.each(ROUTES.filter(([method]) => method !== 'GET'))(
    'does nothing for a foreign page that sends the cookie along (%s %s)',
    async (method, path) => {
      for (const foreign of [
        { origin: 'https://evil.example' },
        { 'x-burnbag-csrf': '' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        expectProblem(await root.send(method, path, { headers: foreign }), 403, 'csrf_refused');
      }
    },
  );

  it('sees live secrets by expiry, page by page, and never what opens one', async () => {
    const { client } = portal;
    const many = await Promise.all(
      Array.from({ length: 25 }, (_, n) =>
        client.create({ content: `zebra ${n}`, ttlSeconds: 600 + (n % 5) }),
      ),
    );
    const twice = await client.create({ content: 'x'.repeat(37), maxViews: 3, passphrase: 'p' });
    const gone = await client.create();
    await client.get(gone.id);
    await client.get(twice.id, { 'X-Passphrase': 'p' });
    await client.reveal(twice.id, { passphrase: 'q' });
    await caughtUp(portal);

    const all = await liveSecrets();
    const paged = await liveSecrets(7);
    expect(paged).toEqual(all);
    expect(new Set(all.map(({ ref }) => ref)).size).toBe(all.length);
    expect(all.map(({ ref }) => ref)).toEqual(expect.arrayContaining([...many, twice].map(({ ref }) => ref)));
    expect(all.map(({ ref }) => ref)).not.toContain(gone.ref);
    const ends = all.map(({ expiresAt }) => String(expiresAt));
    expect(ends).toEqual(ends.toSorted());
    expect(await listed(twice.ref)).toEqual({
      ref: twice.ref,
      kind: 'text',
      size: 37,
      creator: 'anonymous',
      createdAt: TIME,
      expiresAt: TIME,
      sealed: false,
      passphraseRequired: true,
      recipientsOnly: false,
      maxViews: 3,
      views: 1,
      failedAttempts: 1,
      lockedUntil: null,
    });
    const text = JSON.stringify(all);
    for (const { id, url, receiptToken } of [...many, twice]) {
      for (const secret of [id, url, receiptToken, 'zebra']) expect(text).not.toContain(secret);
    }
  });

  it('burns a secret that they cannot open, and the trail says who', async () => {
    const { client } = portal;
    const made = await client.create({ passphrase: 'p' });
    await caughtUp(portal);
    expect((await root.send('POST', `/admin/secrets/${made.ref}/burn`)).status).toBe(204);
    expectProblem(await client.reveal(made.id, { passphrase: 'p' }), 410, 'secret_gone');
    expectProblem(await root.send('POST', `/admin/secrets/${made.ref}/burn`), 410, 'secret_gone');
    expectProblem(await root.send('POST', `/admin/secrets/${made.ref}/unlock`), 410, 'secret_gone');
    expect(await portal.db.exists(keysOf(made.id).record)).toBe(0);
    await caughtUp(portal);
    expect(await listed(made.ref)).toBeUndefined();
    const rows = (await recordedRows(portal)).filter(({ ref }) => ref === made.ref);
    expect(rows.map(({ action, actor, extra_data: extra }) => ({ action, actor, ...extra }))).toEqual([
      expect.objectContaining({ action: 'created', actor: 'anonymous' }),
      { action: 'burned', actor: 'local:root', by: 'administrator' },
    ]);
    const { body, text } = await client.receipt(made.receiptToken);
    expect(body).toMatchObject({ state: 'burned' });
    // The sender learns that it was an administrator, not from where.
    expect((body.timeline as object[]).at(-1)).toEqual({ action: 'burned', at: TIME, by: 'administrator' });
    expect(text).not.toContain('root');
    await until(() => portal.apps[0]?.output().includes('an administrator burned a secret') ?? false);
    expect(portal.apps[0]?.output()).toMatch(
      new RegExp(`"actor":"local:root","ref":"${made.ref}".*an administrator burned a secret`),
    );
  });

  it('unlocks a secret, whose reader goes on at once', async () => {
    const { client } = portal;
    const made = await client.create({ passphrase: 'right' });
    for (let guess = 0; guess < 3; guess += 1) await client.reveal(made.id, { passphrase: 'wrong' });
    expectProblem(await client.reveal(made.id, { passphrase: 'right' }), 423, 'secret_locked');
    await caughtUp(portal);
    expect(await listed(made.ref)).toMatchObject({ failedAttempts: 3, lockedUntil: TIME });
    expect((await root.send('POST', `/admin/secrets/${made.ref}/unlock`)).status).toBe(204);
    expect((await root.send('POST', `/admin/secrets/${made.ref}/unlock`)).status).toBe(204);
    await caughtUp(portal);
    expect(await listed(made.ref)).toMatchObject({ failedAttempts: 3, lockedUntil: null });
    expect((await client.receipt(made.receiptToken)).body.timeline).toContainEqual({
      action: 'unlocked',
      at: TIME,
      by: 'administrator',
    });
    // Every attempt counts again.
    expect((await client.reveal(made.id, { passphrase: 'wrong' })).body).toMatchObject({ attemptsLeft: 2 });
    expect((await client.reveal(made.id, { passphrase: 'right' })).status).toBe(200);
    await caughtUp(portal);
    const rows = (await recordedRows(portal)).filter(({ ref }) => ref === made.ref);
    expect(rows.filter(({ action }) => action === 'unlocked')).toMatchObject([{ actor: 'local:root' }]);
  });

  it('is told that a reference is invalid, and that a secret does not exist', async () => {
    for (const act of ['burn', 'unlock']) {
      for (const odd of ['x', 'AB'.repeat(16), 'ab'.repeat(17), '%00'])
        expectField(await root.send('POST', `/admin/secrets/${odd}/${act}`), 'ref');
      const ref = randomBytes(16).toString('hex');
      expectProblem(await root.send('POST', `/admin/secrets/${ref}/${act}`), 404, 'secret_not_found');
    }
    for (const [query, field] of [
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=1e1', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['cursor=x', 'cursor'],
      ['cursor=1-2', 'cursor'],
      ['other=1', 'other'],
    ])
      expectField(await root.send('GET', `/admin/secrets?${query}`), field ?? '');
  });

  it('sees charts that agree with plain SQL over the events', async () => {
    const { client } = portal;
    const [viewed, burnt, locked] = [
      await client.create(),
      await client.create(),
      await client.create({ passphrase: 'p' }),
    ];
    await client.reveal(viewed.id, { claim: newClaim() });
    await client.burn(burnt.id);
    for (let guess = 0; guess < 3; guess += 1) await client.reveal(locked.id, { passphrase: 'q' });
    await client.create({ ttlSeconds: 1 });
    // Hits that the limits refused, in this hour and in one that is in the month only.
    const hour = Math.floor(Date.now() / HOUR_MS);
    await portal.db.hset('bb:{03}:refused', String(hour), '5', String(hour - 24 * 20), '7');
    await until(async () => {
      const { body } = await get('/admin/overview');
      return ((body.total as Span)['expired'] ?? 0) > 0;
    });
    await caughtUp(portal);

    for (const [range, count, hours] of [
      ['day', 24, 1],
      ['week', 28, 6],
      ['month', 31, 24],
    ] as const) {
      const { body } = await get(`/admin/overview?range=${range}`);
      const shown = body.spans as Span[];
      expect(body).toMatchObject({ range, asOf: TIME });
      expect(shown).toHaveLength(count);
      const seconds = hours * 3_600;
      const rows = await select<{ start: number; action: string; events: number }>(
        `SELECT (floor(extract(epoch FROM created_at) / ${seconds}) * ${seconds})::bigint AS start, action,
         count(*) AS events FROM audit_events GROUP BY 1, 2`,
      );
      const [live] = await select<{ live: number }>(
        "SELECT count(*) AS live FROM secrets WHERE state = 'live' AND expires_at > now()",
      );
      expect(body.liveNow).toBe(live?.live);
      const names = { attempt_failed: 'failedAttempts' } as Record<string, string>;
      const total: Record<string, number> = { rateLimited: range === 'month' ? 12 : 5 };
      for (const action of ['created', 'viewed', 'burned', 'expired', 'locked', 'attempt_failed']) {
        const name = names[action] ?? action;
        const counted = rows.filter((row) => row.action === action);
        total[name] = counted.reduce((sum, { events }) => sum + events, 0);
        expect(total[name]).toBeGreaterThan(0);
        for (const { start, events } of counted)
          expect(shown.find((span) => Date.parse(span.start) === start * 1_000)?.[name]).toBe(events);
      }
      expect(body.total).toEqual(total);
      for (const [name, sum] of Object.entries(total))
        expect(shown.reduce((all, span) => all + (span[name] ?? 0), 0)).toBe(sum);
    }
    expectField(await root.send('GET', '/admin/overview?range=year'), 'range');
  });

  it('has the chain verified, once for all who ask, and the result is remembered', async () => {
    const before = await get('/admin/system');
    expect(before.body.chain).toMatchObject({ state: 'ok', verifying: false, lastVerification: null });
    await caughtUp(portal);
    const answers = await Promise.all([1, 2, 3].map(() => root.send('POST', '/admin/audit/verify')));
    const [{ body }] = answers as [(typeof answers)[0]];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(body).toEqual({ at: TIME, intact: true, events: expect.any(Number), finding: null });
    expect(body.events).toBe((await recordedRows(portal)).length);
    for (const answer of answers) expect(answer.body).toEqual(body);
    expect((await get('/admin/system')).body.chain).toMatchObject({ lastVerification: body });
  });

  it('sees the state of the stores and of the keyring, and no key', async () => {
    // The relay reports at the end of its turn.
    await until(async () => {
      const { outbox } = (await get('/admin/system')).body;
      return (outbox as { oldestAgeSeconds: unknown }).oldestAgeSeconds === null;
    });
    const { body, text } = await get('/admin/system');
    expect(body).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      outbox: { waiting: expect.any(Number), max: expect.any(Number), oldestAgeSeconds: null },
      database: { engine: engine.name.toLowerCase(), reachable: true },
      redis: {
        reachable: true,
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        usedMemoryBytes: expect.any(Number),
      },
      files: { store: 'disk', bytesStored: 0, quotaBytes: expect.any(Number) },
      keyring: [{ id: 1, state: 'primary' }],
      chain: { state: 'ok', verifying: false, setAsideEvents: 0, lastVerification: expect.anything() },
    });
    const [, key = ''] = (portal.env['BURNBAG_KEYS'] ?? '').split(':');
    expect(text).not.toContain(key);
  });

  it('sees who is signed in, and signs them out at once', async () => {
    const alice = await personOf(portal);
    const { body, text } = await get('/admin/sessions');
    expect((body.sessions as Listed[]).find(({ handle }) => handle === alice.handle)).toEqual({
      handle: alice.handle,
      ...ALICE,
      createdAt: TIME,
      seenAt: TIME,
      endsAt: TIME,
    });
    expect(text).not.toContain(alice.cookie.split('=')[1] ?? 'none');
    expectProblem(await alice.send('GET', '/admin/sessions'), 403, 'forbidden');
    expect((await root.send('DELETE', `/admin/sessions/${alice.handle}`)).status).toBe(204);
    expectProblem(await alice.send('GET', '/admin/sessions'), 401, 'sign_in_required');
    for (const handle of [alice.handle, 'x', 'ABCDEF0123456789'])
      expectProblem(await root.send('DELETE', `/admin/sessions/${handle}`), 404, 'session_not_found');
  });

  it("sees everybody's API tokens, and revokes one at once", async () => {
    const alice = await personOf(portal);
    const made: string[] = [];
    for (const [at, person] of [alice, root, alice].entries()) {
      const wish = { name: `deploy ${at}`, scopes: ['create'], ttlSeconds: 3_600 };
      const { status, body } = await person.send('POST', '/tokens', { json: wish });
      expect(status).toBe(201);
      made.push(String(body.secret));
    }
    const [first = ''] = made;
    const { body, text } = await get('/admin/tokens?limit=2');
    const rest = await get(`/admin/tokens?limit=2&cursor=${String(body.nextCursor)}`);
    const tokens = [...(body.tokens as Listed[]), ...(rest.body.tokens as Listed[])];
    expect(rest.body.nextCursor).toBeNull();
    // Newest first; those of one millisecond in any order.
    const whose = tokens.map(({ name, owner }) => `${String(name)}, ${String(owner)}`);
    expect(whose.sort()).toEqual(['deploy 0, oidc:alice', 'deploy 1, local:root', 'deploy 2, oidc:alice']);
    const times = tokens.map(({ createdAt }) => String(createdAt));
    expect(times).toEqual([...times].sort().toReversed());
    const alices = tokens.find(({ name }) => name === 'deploy 0');
    expect(alices).toMatchObject({
      scopes: ['create'],
      lastUsedAt: null,
      createdAt: TIME,
    });
    for (const secret of made) expect(text).not.toContain(secret);

    const asScript = { json: { content: 'x' }, headers: { authorization: `Bearer ${first}` } };
    const create = () => portal.client.send('POST', '/api/v1/secrets', asScript);
    expect((await create()).status).toBe(201);
    expect((await root.send('DELETE', `/admin/tokens/${String(alices?.['id'])}`)).status).toBe(204);
    expectProblem(await create(), 401, 'token_invalid');
    expect((await get('/admin/tokens')).body.tokens).toHaveLength(2);
    expectProblem(await root.send('DELETE', '/admin/tokens/x'), 404, 'token_not_found');
    expectField(await root.send('GET', '/admin/tokens?limit=101'), 'limit');
    expectField(await root.send('GET', '/admin/tokens?cursor=x'), 'cursor');
  });
});
