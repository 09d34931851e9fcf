import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim, type Answer, type Created } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { ADMIN, openPeoplePortal, type PeoplePortal } from './kit/people.js';
import { keysOf, keyspace, until } from './kit/portal.js';
import { created } from './kit/uploads.js';

type Headers = Readonly<Record<string, string>>;
let portal: PeoplePortal;
let alice: Headers;
let bob: Headers;

beforeAll(async () => {
  portal = await openPeoplePortal();
  [alice, bob] = [await portal.signIn('alice'), await portal.signIn('bob')];
});
afterAll(() => portal.close());

const ALICE = 'alice@corp.example';
const send = (method: string, path: string, headers: Headers, json?: unknown): Promise<Answer> =>
  portal.client.send(method, `/api/v1${path}`, { headers, ...(json === undefined ? {} : { json }) });
const tryCreate = (fields: object, headers = bob): Promise<Answer> =>
  send('POST', '/secrets', headers, { content: 'for alice', recipients: [ALICE], ...fields });
const create = async (fields: object = {}): Promise<Created> => created(await tryCreate(fields));
const reveal = (id: string, headers: Headers, json: object = {}): Promise<Answer> =>
  send('POST', `/secrets/${id}/reveal`, headers, json);
const brief = ({ status, body }: Answer) => [status, body['code']];
const NOT_THEM = [403, 'not_recipient'];
const NOBODY = [401, 'sign_in_required'];

async function signInAsRoot(): Promise<Headers> {
  const { headers } = await send('POST', '/auth/local', portal.fromPage(), ADMIN);
  return portal.fromPage(/__Host-burnbag=[^;]+/.exec(headers['set-cookie']?.join() ?? '')?.[0]);
}

/** The receipt's lines, once the relay has brought as many as are expected. */
async function timeline({ receiptToken }: Created, lines: number) {
  let entries: Record<string, unknown>[] = [];
  // Before that it shows what the store knows already.
  await until(async () => {
    const { body } = await portal.client.receipt(receiptToken);
    entries = body['timeline'] as typeof entries;
    return body['timelineComplete'] === true && entries.length >= lines;
  }, 30_000);
  return entries.map(({ at: _at, ipAddress: _ip, userAgent: _agent, ...rest }) => rest);
}

describe('a secret for alice', () => {
  it('opens for her, whatever the case of her address, and the sender sees that it was she', async () => {
    const secret = await create({ recipients: ['Carol@partner.example', 'ALICE@corp.example'] });
    const look = await send('GET', `/secrets/${secret.id}/status`, alice);
    expect(look.body).toMatchObject({ state: 'live', recipientsOnly: true });
    const opened = await reveal(secret.id, alice);
    expect(opened.body).toMatchObject({ content: 'for alice', viewsLeft: 0 });
    expect(await timeline(secret, 2)).toEqual([
      { action: 'created' },
      { action: 'viewed', viewsLeft: 0, reader: ALICE },
    ]);
  });

  it('gives bob nothing, tells him nothing, loses nothing; the sender sees that another person tried, not who', async () => {
    const secret = await create({ passphrase: 'right', maxViews: 2 });
    const { id } = secret;
    const { record } = keysOf(id);
    const before = await portal.db.getBuffer(record);
    const tries = [
      await reveal(id, bob),
      await reveal(id, bob, { passphrase: 'right', claim: newClaim() }),
      await reveal(id, bob, { passphrase: 'wrong' }),
      await send('GET', `/secrets/${id}`, { ...bob, 'x-passphrase': 'right' }),
      await send('GET', `/secrets/${id}/status`, bob),
      await send('DELETE', `/secrets/${id}`, bob, { passphrase: 'right' }),
    ];
    expect(tries.map(brief)).toEqual(tries.map(() => NOT_THEM));
    expect(new Set(tries.map(({ body }) => JSON.stringify({ ...body, requestId: '' }))).size).toBe(1);
    expect((await send('HEAD', `/secrets/${id}`, bob)).status).toBe(403);
    expect(JSON.stringify(tries)).not.toContain('alice');
    expect(await portal.db.getBuffer(record)).toEqual(before);
    expect((await reveal(id, alice, { passphrase: 'right' })).status).toBe(200);
    const refused = { action: 'attempt_failed', reason: 'not_recipient' };
    expect(await timeline(secret, 9)).toEqual([
      { action: 'created' },
      ...Array.from({ length: 7 }, () => refused),
      { action: 'viewed', viewsLeft: 1, reader: ALICE },
    ]);
  });

  it('asks who is not signed in to do so, and records nothing', async () => {
    const { id } = await create({ passphrase: 'right' });
    const before = await keyspace(portal.db);
    const tries = [
      await reveal(id, {}),
      await reveal(id, {}, { passphrase: 'right' }),
      await send('GET', `/secrets/${id}`, { 'x-passphrase': 'right' }),
      await send('GET', `/secrets/${id}/status`, {}),
      await send('DELETE', `/secrets/${id}`, {}, { passphrase: 'right' }),
    ];
    expect(tries.map(brief)).toEqual(tries.map(() => NOBODY));
    const after = await keyspace(portal.db);
    const { record } = keysOf(id);
    expect(after[record]).toEqual(before[record]);
  });

  it('is locked by wrong passphrases of her own only', async () => {
    const { id } = await create({ passphrase: 'right' });
    for (let tries = 0; tries < 6; tries += 1) await reveal(id, bob, { passphrase: 'wrong' });
    const slip = await reveal(id, alice, { passphrase: 'wrong' });
    expect(slip.body).toMatchObject({ code: 'passphrase_wrong', attemptsLeft: 4 });
  });

  it('is handed to her again under her claim, and not to another person under it', async () => {
    const { id } = await create();
    const claim = newClaim();
    expect((await reveal(id, alice, { claim })).status).toBe(200);
    expect(brief(await reveal(id, bob, { claim }))).toEqual(NOT_THEM);
    expect(brief(await reveal(id, {}, { claim }))).toEqual(NOBODY);
    expect((await reveal(id, alice, { claim })).status).toBe(200);
  });

  it('is burned by her, by its sender without a sign-in, and by no one else', async () => {
    const [mine, sent] = [await create(), await create()];
    expect((await send('DELETE', `/secrets/${mine.id}`, alice, {})).status).toBe(204);
    expect(await timeline(mine, 2)).toEqual([
      { action: 'created' },
      { action: 'burned', by: 'reader', reader: ALICE },
    ]);
    expect((await send('DELETE', `/receipts/${sent.receiptToken}`, {})).status).toBe(204);
  });

  it('is hers by a session that lasts: after the sign-out she is asked to sign in', async () => {
    const { id } = await create();
    const leaving = await portal.signIn('alice');
    expect((await send('POST', '/auth/logout', leaving)).status).toBe(200);
    expect(brief(await reveal(id, leaving))).toEqual(NOBODY);
    expect((await reveal(id, alice)).status).toBe(200);
  });

  it('is won by her among a hundred who try at once with the right passphrase', async () => {
    const { id } = await create({ passphrase: 'right' });
    const who = (at: number) => (at === 61 ? alice : at % 3 === 0 ? {} : bob);
    const json = { passphrase: 'right' };
    const all = await Promise.all(Array.from({ length: 100 }, (_, at) => reveal(id, who(at), json)));
    const winners = all.flatMap(({ status }, at) => (status === 200 ? [at] : []));
    expect(winners).toEqual([61]);
    expect(await portal.db.exists(keysOf(id).record)).toBe(0);
    const others = new Set(all.map(({ body }) => body['code']).filter((code) => code !== undefined));
    expect(
      [...others].filter((code) => !/^(not_recipient|sign_in_required|secret_gone)$/.test(String(code))),
    ).toEqual([]);
  });

  it('cannot be opened with an API token, and not the local administrator’s', async () => {
    const { id } = await create();
    const made = await send('POST', '/tokens', alice, { name: 't', scopes: ['create'], ttlSeconds: 600 });
    const { secret } = made.body as { secret: string };
    expect(brief(await reveal(id, { authorization: `Bearer ${secret}` }))).toEqual(NOBODY);
    const root = await signInAsRoot();
    expect(brief(await reveal(id, root))).toEqual(NOT_THEM);
    expect((await reveal(id, alice)).status).toBe(200);
  });

  it('is burned by an administrator, who has no link, and the sender sees that', async () => {
    const secret = await create();
    const burned = await send('POST', `/admin/secrets/${secret.ref}/burn`, await signInAsRoot());
    expect(burned.status).toBe(204);
    expect(brief(await reveal(secret.id, alice))).toEqual([410, 'secret_gone']);
    expect(await timeline(secret, 2)).toEqual([
      { action: 'created' },
      { action: 'burned', by: 'administrator' },
    ]);
  });

  it('says nowhere in the store whose it is, nor in a log', async () => {
    const { id } = await create({ recipients: ['dave@partner.example'] });
    await reveal(id, bob);
    const stored = Object.values(await keyspace(portal.db)).map(({ value }) => value);
    expect(stored.join()).not.toContain(Buffer.from('dave@').toString('hex'));
    expect(portal.app.output()).not.toContain('dave@');
  });
});

describe('files for alice', () => {
  it('are downloaded by her, checked with every request', async () => {
    const boundary = 'b';
    const part = (name: string, rest: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${rest}`;
    const content = randomBytes(3_000).toString('hex');
    const text = `${part('recipients', '')}\r\n\r\nbob@corp.example, ${ALICE}\r\n${part('file', '; filename="a.txt"')}\r\n\r\n${content}\r\n--${boundary}--\r\n`;
    const form = { ...bob, 'content-type': `multipart/form-data; boundary=${boundary}` };
    const { id } = created(await portal.client.send('POST', '/api/v1/files', { text, headers: form }));
    const [claim, olga] = [newClaim(), await portal.signIn('olga')];
    const get = (headers: Headers, more = {}) =>
      fetchFiles(portal.url, id, { claim, headers: { ...headers, ...more } });
    expect([(await get({})).code, (await get(olga)).code]).toEqual(['sign_in_required', 'not_recipient']);
    const looked = await fetchFiles(portal.url, id, { method: 'HEAD', headers: olga });
    expect([looked.status, looked.headers['content-length'], looked.headers.etag]).toEqual([
      403,
      expect.anything(),
      undefined,
    ]);
    expect((await get(alice, { range: 'bytes=0-9' })).bytes.toString()).toBe(content.slice(0, 10));
    expect((await get(olga, { range: 'bytes=10-19' })).code).toBe('not_recipient');
    expect((await get({}, { range: 'bytes=10-19' })).code).toBe('sign_in_required');
    expect((await get(alice, { range: 'bytes=10-' })).bytes.toString()).toBe(content.slice(10));
  });
});

describe('naming recipients', () => {
  it.each([
    [[], 'recipients'],
    ['alice@corp.example', 'recipients'],
    [[7], 'recipients'],
    [[ALICE, 'kevin'], 'recipients[1]'],
    [['\u212Aevin@corp.example'], 'recipients[0]'],
    [Array.from({ length: 21 }, (_, at) => `p${at}@corp.example`), 'recipients'],
  ])('refuses %j, and says which', async (recipients, field) => {
    const { status, body } = await tryCreate({ recipients });
    expect(status).toBe(400);
    expect(body['errors']).toEqual([expect.objectContaining({ field })]);
  });

  it('takes twenty, and needs a sign-in to create if the mode demands it', async () => {
    const recipients = Array.from({ length: 20 }, (_, at) => `p${at}@corp.example`);
    expect((await tryCreate({ recipients })).status).toBe(201);
    expect(brief(await tryCreate({}, {}))).toEqual(NOBODY);
  });
});

describe('when the provider is down', () => {
  it('everything without a sign-in works, and existing sessions, too; nothing is lost', async () => {
    const secret = await create();
    const anyone = created(await send('POST', '/secrets', bob, { content: 'for anyone' }));
    await portal.provider.stop();
    const away = await portal.client.send('GET', '/api/v1/auth/login?returnTo=/s/x&other');
    expect(away.headers.location).toMatch(/^\/login\?problem=|^http/);
    expect((await reveal(anyone.id, {})).body).toMatchObject({ content: 'for anyone' });
    expect(brief(await reveal(secret.id, {}))).toEqual(NOBODY);
    expect((await reveal(secret.id, alice)).status).toBe(200);
    await portal.provider.start();
  });
});
