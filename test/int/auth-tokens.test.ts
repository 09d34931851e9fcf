import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openMonitor } from '../support/redis-monitor.js';
import { cli } from './kit/cli.js';
import { openPeoplePortal, type PeoplePortal } from './kit/people.js';
import { until } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';

type Headers = Record<string, string>;
interface Issued {
  readonly secret: string;
  readonly token: { readonly id: string };
}
const CREATES = 20;
const DAY = 86_400;

let portal: PeoplePortal;
let alice: Headers;
let olga: Headers;
beforeAll(async () => {
  portal = await openPeoplePortal({
    RATE_LIMIT: 'on',
    RATE_LIMIT_CREATE: String(CREATES),
    RATE_LIMIT_STATUS: '10000',
    RATE_LIMIT_SIGN_IN: '40',
    // No count may restart while one is being used up.
    RATE_LIMIT_WINDOW_SECONDS: '3600',
  });
  alice = await portal.signIn('alice');
  olga = await portal.signIn('olga');
});
afterAll(() => portal.close());

const send = (method: string, path: string, headers: Headers, json?: unknown) =>
  portal.client.send(method, `/api/v1${path}`, { headers, ...(json !== undefined && { json }) });
const bearer = (secret: string): Headers => ({ authorization: `Bearer ${secret}` });
const create = (headers: Headers) => send('POST', '/secrets', headers, { content: 'by a script' });
const own = async (headers: Headers) =>
  (await send('GET', '/tokens', headers)).body.tokens as { id: string }[];
async function issue(headers: Headers, ...scopes: string[]): Promise<Issued> {
  const answer = await send('POST', '/tokens', headers, { name: 'job', scopes, ttlSeconds: DAY });
  expect(answer.status).toBe(201);
  return JSON.parse(answer.text) as Issued;
}
const env = () => ({ REDIS_URL: portal.redisUrl });

describe('an API token', () => {
  it('is shown once, works for its script, and is refused from its revocation on', async () => {
    const { secret, token } = await issue(alice, 'create');
    expect(secret).toMatch(/^bbt_[\w-]{43}$/);
    expect(token).toMatchObject({ scopes: ['create'], owner: 'oidc:alice', lastUsedAt: null });
    expect((await create(bearer(secret))).status).toBe(201);
    const listed = await send('GET', '/tokens', alice);
    expect(listed.body).toEqual({
      tokens: [{ ...token, lastUsedAt: expect.stringMatching(/^20\d\d-/) }],
      nextCursor: null,
    });
    expect(listed.text).not.toContain(secret.slice(4));
    expect((await send('DELETE', `/tokens/${token.id}`, alice)).status).toBe(204);
    expectProblem(await create(bearer(secret)), 401, 'token_invalid');
    expect(await own(alice)).toEqual([]);
  });

  it('is known only to its owner', async () => {
    const { token } = await issue(alice, 'create');
    expect(await own(olga)).toEqual([]);
    expectProblem(await send('DELETE', `/tokens/${token.id}`, olga), 404, 'token_not_found');
    expect(await own(alice)).toHaveLength(1);
  });

  it('may do what its scopes say, and nothing that people do', async () => {
    const [receipts, creates] = [await issue(alice, 'receipts'), await issue(alice, 'create')];
    expectProblem(await create(bearer(receipts.secret)), 403, 'scope_missing');
    const { body } = await create(bearer(creates.secret));
    const path = `/receipts/${String(body.receiptToken)}`;
    expect((await send('GET', path, bearer(receipts.secret))).status).toBe(200);
    expectProblem(await send('GET', path, bearer(creates.secret)), 403, 'scope_missing');
    expect((await send('GET', path, {})).status).toBe(200);
    for (const { secret } of [receipts, creates]) {
      expectProblem(await send('GET', '/stats', bearer(secret)), 403, 'scope_missing');
      expectProblem(await send('GET', '/tokens', bearer(secret)), 403, 'forbidden');
      const wish = { name: 'more', scopes: ['create'], ttlSeconds: DAY };
      expectProblem(await send('POST', '/tokens', bearer(secret), wish), 403, 'forbidden');
    }
  });

  it('grants the statistics only to a person with the right', async () => {
    const wish = { name: 'numbers', scopes: ['create', 'stats'], ttlSeconds: DAY };
    expectProblem(await send('POST', '/tokens', alice, wish), 403, 'forbidden');
    expectProblem(await send('GET', '/stats', {}), 401, 'sign_in_required');
    expectProblem(await send('GET', '/stats', alice), 403, 'forbidden');
    expect((await send('GET', '/stats', olga)).status).toBe(200);
    const { secret } = await issue(olga, 'stats');
    expect((await send('GET', '/stats', bearer(secret))).status).toBe(200);
  });

  it('is refused in any other form, also on routes that need none', async () => {
    for (const text of ['bbt_x', `bbt_${'A'.repeat(43)}`, 'eyJhbGciOiJub25lIn0.e30.', ''])
      expectProblem(await send('GET', '/policy', bearer(text)), 401, 'token_invalid');
    expect((await send('GET', '/policy', { authorization: 'Basic cm9vdDpyb290' })).status).toBe(200);
  });

  it('is made only as it can be kept', async () => {
    const wish = { name: 'job', scopes: ['create'], ttlSeconds: DAY };
    const wrong = { name: '', scopes: ['root'], ttlSeconds: 367 * DAY };
    for (const [field, value] of Object.entries(wrong))
      expectField(await send('POST', '/tokens', alice, { ...wish, [field]: value }), field);
    for (const query of ['limit=0', 'limit=x', 'limit=101', 'cursor=x', 'cursor=1&cursor=2'])
      expectProblem(await send('GET', `/tokens?${query}`, alice), 400, 'validation_failed');
  });
});

describe('the command line', () => {
  it('makes, lists and revokes tokens of the running portal', async () => {
    const made = await cli(
      ['token', 'create', '--name', 'nightly', '--scope', 'create', '--days', '1'],
      env(),
    );
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^bbt_[\w-]{43}\n$/)]);
    const { id } = JSON.parse(made.err) as { id: string };
    const secret = made.out.trim();
    expect((await create(bearer(secret))).status).toBe(201);
    const listed = await cli(['token', 'list', '--owner', 'cli'], env());
    expect(JSON.parse(listed.out)).toMatchObject({ id, name: 'nightly', owner: 'cli' });
    expect(listed.out).not.toContain(secret);
    expect((await cli(['token', 'revoke', id], env())).code).toBe(0);
    expectProblem(await create(bearer(secret)), 401, 'token_invalid');
    expect((await cli(['token', 'revoke', id], env())).code).toBe(1);
  });

  it.each([
    [['token', 'create'], 2, /name must be/],
    [['token', 'create', '--name', 'x', '--scope', 'root'], 2, /scopes must be some of create/],
    [['token', 'create', '--name', 'x', '--scope', 'create', '--days', '400'], 2, /ttlSeconds/],
    [['token', 'list', '--all'], 2, /--all/],
    [['token', 'revoke'], 2, /one id/],
  ] as const)('refuses %j', async (args, code, said) => {
    expect(await cli(args, env())).toMatchObject({ code, out: '', err: expect.stringMatching(said) });
  });

  it('says when there is no portal to make a token for', async () => {
    const away = await cli(['token', 'list'], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(away).toMatchObject({ code: 3, out: '' });
  });
});

describe('the limits', () => {
  it('count a token by itself, wherever it is used from, and no other client with it', async () => {
    const secrets = await Promise.all(
      ['one', 'two'].map(async (name) =>
        (await cli(['token', 'create', '--name', name, '--scope', 'create'], env())).out.trim(),
      ),
    );
    const [busy = '', idle = ''] = secrets;
    for (let i = 0; i < CREATES; i += 1) expect((await create(bearer(busy))).status).toBe(201);
    expectProblem(await create(bearer(busy)), 429, 'rate_limited');
    expect((await create(bearer(idle))).status).toBe(201);
    expect((await create(alice)).status).toBe(201);
  });

  it('keep a browser from beginning sign-ins without end, and say so on the login page', async () => {
    const begin = async () => (await send('GET', '/auth/login?returnTo=/s/x', {})).headers.location;
    expect(await begin()).toContain(portal.provider.issuer);
    for (let i = 0; i < 40; i += 1) await begin();
    expect(await begin()).toBe('/login?problem=rate_limited&returnTo=%2Fs%2Fx');
  });
});

describe('the trail', () => {
  it('names who did it, and never one for another who sits at the same address', async () => {
    const { secret, token } = await issue(olga, 'create');
    const monitor = await openMonitor(portal.redisUrl);
    // What scripts write themselves is told, too.
    const actors = () =>
      monitor
        .commands()
        .filter(([name = '']) => /^eval/i.test(name))
        .flatMap((words) => words.map((word) => /^\["([^"]+)",("127|null)/.exec(word)?.[1]))
        .filter((actor) => actor !== undefined);
    const everybody: Headers[] = [alice, bearer(secret), olga];
    const made = await Promise.all(everybody.map((headers) => create(headers)));
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
    for (const { body } of made) await portal.client.reveal(String(body.id));
    await until(() => actors().length >= 2 * everybody.length);
    monitor.stop();
    expect(actors().slice(0, 3).sort()).toEqual(
      ['alice@corp.example', 'olga@corp.example', `token:${token.id}`].sort(),
    );
    // The first of its kind is sent twice, since the server does not know the script yet.
    expect(new Set(actors().slice(3))).toEqual(new Set(['anonymous']));
  });
});
