import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { CookieClient } from '../support/cookie-client.js';
import { ADMIN, letSessionsAge, openPeoplePortal, type PeoplePortal } from './kit/people.js';
import { expectProblem } from './kit/problems.js';

let portal: PeoplePortal;
beforeAll(async () => (portal = await openPeoplePortal()));
afterAll(() => portal.close());

type Headers = Record<string, string>;
const MINUTE = 60;
const post = (path: string, headers: Headers, json: unknown = {}) =>
  portal.client.send('POST', `/api/v1${path}`, { json, headers });
const create = (headers: Headers) => post('/secrets', headers, { content: 'a secret' });
const session = (headers: Headers) => portal.client.send('GET', '/api/v1/auth/session', { headers });
const whoIs = async (headers: Headers) => (await session(headers)).body.principal;
const NOBODY = { kind: 'anonymous' };
const cookieOf = (setCookie: readonly string[] | undefined) => setCookie?.[0]?.split(';')[0] ?? '';

describe('where only staff hand over and anyone reads', () => {
  it('strangers are told to sign in, and staff create what strangers open', async () => {
    const refused = await create({});
    expectProblem(refused, 401, 'sign_in_required');
    expect(refused.headers['www-authenticate']).toBe('Bearer');
    const alice = await portal.signIn('alice');
    const { status, body } = await create(alice);
    expect(status).toBe(201);
    expect((await portal.client.reveal(String(body.id))).body).toMatchObject({ content: 'a secret' });
  });

  it('the session says who it is and what they may', async () => {
    expect((await session({})).body).toEqual({
      authMode: 'oidc',
      signIn: { oidc: true, local: true },
      mayCreate: false,
      principal: NOBODY,
    });
    const told = await session(await portal.signIn('olga'));
    expect(told.headers['cache-control']).toContain('no-store');
    expect(told.body).toMatchObject({
      mayCreate: true,
      principal: { kind: 'person', subject: 'olga', email: 'olga@corp.example', isAdmin: true, via: 'oidc' },
    });
    expect(await whoIs(await portal.signIn('alice'))).toMatchObject({ isAdmin: false });
  });
});

describe('a session that was planted in a browser', () => {
  it('opens nothing after the sign-in: its planter has no session', async () => {
    const planted = await portal.signIn('bob');
    const victim = new CookieClient();
    victim.plant(planted.cookie ?? '');
    await victim.signInAt(portal.url, 'alice');
    expect(victim.cookie).not.toContain(planted.cookie);
    expect(await whoIs(portal.fromPage(victim.cookie))).toMatchObject({ subject: 'alice' });
    expect(await whoIs(planted)).toEqual(NOBODY);
  });

  it('is not taken over when it was made up', async () => {
    const madeUp = `__Host-burnbag=${'A'.repeat(43)}`;
    const victim = new CookieClient();
    victim.plant(madeUp);
    await victim.signInAt(portal.url, 'alice');
    expect(victim.cookie).not.toContain(madeUp);
    expect(await whoIs({ cookie: madeUp })).toEqual(NOBODY);
  });

  it('ends with a sign-in by password, too', async () => {
    const planted = await portal.signIn('bob');
    const answer = await post('/auth/local', planted, ADMIN);
    expect(answer.body).toMatchObject({ principal: { subject: 'root', isAdmin: true, via: 'local' } });
    expect(await whoIs({ cookie: cookieOf(answer.headers['set-cookie']) })).toMatchObject({
      subject: 'root',
    });
    expect(await whoIs(planted)).toEqual(NOBODY);
  });
});

describe('a change that another site makes a browser send', () => {
  it.each([
    ['Origin', { origin: 'https://evil.example' }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['X-Burnbag-Csrf', { 'x-burnbag-csrf': '' }],
  ])('is refused by its %s alone, and changes nothing', async (_name, foreign) => {
    const alice = await portal.signIn('alice');
    expectProblem(await create({ ...alice, ...foreign }), 403, 'csrf_refused');
    expectProblem(await post('/auth/logout', { ...alice, ...foreign }), 403, 'csrf_refused');
    expect((await create(alice)).status).toBe(201);
  });

  it('signs no person in under another account', async () => {
    const { cookie: _, ...page } = portal.fromPage();
    const forged = { ...page, origin: 'https://evil.example' };
    expectProblem(await post('/auth/local', forged, ADMIN), 403, 'csrf_refused');
    expect((await post('/auth/local', page, ADMIN)).status).toBe(200);
  });
});

describe('the way back from the provider', () => {
  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/%2f/evil.example',
    'javascript:alert(1)',
  ])('leads to no other site (%s)', async (returnTo) => {
    expect(await new CookieClient().signInAt(portal.url, 'alice', returnTo)).toBe('/');
  });

  it('leads back to the previous page', async () => {
    expect(await new CookieClient().signInAt(portal.url, 'alice', '/s/x?a=b')).toBe('/s/x?a=b');
  });

  it('leads to the login page when it was not finished here, and makes no session', async () => {
    const answer = await portal.client.send('GET', '/api/v1/auth/callback?code=c&state=s');
    expect([answer.status, answer.headers.location]).toEqual([303, '/login?problem=sign_in_expired']);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('a session ends', () => {
  it('when it is not used, the administrator’s like all others', async () => {
    const alice = await portal.signIn('alice');
    const root = cookieOf((await post('/auth/local', portal.fromPage(), ADMIN)).headers['set-cookie']);
    await letSessionsAge(portal.db, 29 * MINUTE);
    expect([await whoIs(alice), await whoIs({ cookie: root })]).toMatchObject([
      { kind: 'person' },
      { kind: 'person' },
    ]);
    await letSessionsAge(portal.db, 31 * MINUTE);
    expect([await whoIs(alice), await whoIs({ cookie: root })]).toEqual([NOBODY, NOBODY]);
    expectProblem(await create(alice), 401, 'sign_in_required');
  });

  it('also in front of a page that asks by itself', async () => {
    const olga = await portal.signIn('olga');
    await letSessionsAge(portal.db, 20 * MINUTE);
    expect(await whoIs({ ...olga, 'x-burnbag-background': '1' })).toMatchObject({ subject: 'olga' });
    await letSessionsAge(portal.db, 20 * MINUTE);
    expect(await whoIs(olga)).toEqual(NOBODY);
  });

  it('at its age, however busy it is', async () => {
    const alice = await portal.signIn('alice');
    for (let minutes = 0; minutes + 25 < 12 * 60; minutes += 25) {
      await letSessionsAge(portal.db, 25 * MINUTE);
      expect(await whoIs(alice)).toMatchObject({ kind: 'person' });
    }
    await letSessionsAge(portal.db, 25 * MINUTE);
    expect(await whoIs(alice)).toEqual(NOBODY);
  });

  it('with the sign-out, at the provider too; the administrator has none', async () => {
    const alice = await portal.signIn('alice');
    const out = await post('/auth/logout', alice);
    expect(out.body.logoutUrl).toContain(`${portal.provider.issuer}/session/end?`);
    expect(out.headers['set-cookie']?.[0]).toMatch(/^__Host-burnbag=; .*Max-Age=0$/);
    expect(await whoIs(alice)).toEqual(NOBODY);
    const root = cookieOf((await post('/auth/local', portal.fromPage(), ADMIN)).headers['set-cookie']);
    expect((await post('/auth/logout', portal.fromPage(root))).body).toEqual({ logoutUrl: null });
    expect(await whoIs({ cookie: root })).toEqual(NOBODY);
  });
});

describe('guessing the administrator’s password', () => {
  it('locks, and tells a name that there is not from one that there is by nothing', async () => {
    const { cookie: _, ...page } = portal.fromPage();
    // Every address of a test is the same, and it has signed in before: five tries.
    const tries = [];
    for (let i = 0; i < 6; i += 1) {
      tries.push(await post('/auth/local', page, { username: 'root', password: `guess ${i}` }));
    }
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 429]);
    const [wrong] = tries;
    if (wrong) expectProblem(wrong, 403, 'sign_in_wrong');
    const locked = await post('/auth/local', page, ADMIN);
    expectProblem(locked, 429, 'sign_in_locked');
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    const bodies = [{ username: 'root' }, { username: 1, password: 'x' }, { ...ADMIN, more: true }];
    for (const json of bodies) expectProblem(await post('/auth/local', page, json), 400, 'validation_failed');
  });
});
