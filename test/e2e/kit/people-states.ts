import type { Page } from 'playwright-core';

import { heading } from './steps.js';

/** A page in one of its states: leads there and returns once it stands still. */
type State = (page: Page) => Promise<void>;
type Json = Readonly<Record<string, unknown>>;

const at = '2026-11-20T10:00:00.000Z';
const from = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
const ref = (digit: number): string => `${digit}f2c1ab47d3e5f60718293a4b5c6d7e8`;

const ROOT = { kind: 'person', subject: 'root', isAdmin: true, via: 'local', sessionId: '0123456789abcdef' };
const ALICE = {
  kind: 'person',
  subject: 'b5f1c9d2-alice',
  name: 'Alexandra Konstantinidou-Featherstonehaugh',
  email: 'alexandra.konstantinidou@departments.corp.example',
  isAdmin: false,
  via: 'oidc',
  sessionId: 'fedcba9876543210',
};
const session = (principal: Json, signIn: Json, authMode = 'open'): Json => ({
  authMode,
  signIn,
  mayCreate: true,
  principal,
});
const NOBODY = { kind: 'anonymous' };
const asRoot = session(ROOT, { oidc: false, local: true });
const asAlice = session(ALICE, { oidc: true, local: true }, 'oidc');

/** Answers in place of the server, whatever is asked of these routes below /api/v1. */
export async function answering(page: Page, answers: Readonly<Record<string, Json | number>>): Promise<void> {
  for (const [path, answer] of Object.entries(answers)) {
    await page.route(
      (url) => url.pathname === `/api/v1${path}`,
      (route) =>
        typeof answer === 'number'
          ? route.fulfill({
              status: answer,
              contentType: 'application/problem+json',
              json: { status: answer, code: 'store_unavailable' },
            })
          : route.fulfill({ json: answer }),
    );
  }
}

const shows = (page: Page, text: string | RegExp) => heading(page).filter({ hasText: text }).waitFor();
const press = (page: Page, name: string) => page.getByRole('button', { name }).first().click();

const login =
  (who: Json, query = ''): State =>
  async (page) => {
    await answering(page, { '/auth/session': who });
    await page.goto(`/login${query}`);
    await shows(page, /sign|No one/i);
  };

export const signInStates: Record<string, State> = {
  'login-provider': login(session(NOBODY, { oidc: true, local: false }, 'oidc'), '?returnTo=/s/1'),
  'login-provider-down': login(
    session(NOBODY, { oidc: true, local: true }, 'oidc'),
    '?problem=sign_in_unavailable',
  ),
  'login-local-wrong': async (page) => {
    await login(session(NOBODY, { oidc: false, local: true }))(page);
    await page.route('**/auth/local', (route) =>
      route.fulfill({
        status: 429,
        contentType: 'application/problem+json',
        json: { status: 429, code: 'sign_in_locked', retryAfterSeconds: 892 },
      }),
    );
    await page.getByRole('textbox', { name: 'Name' }).fill('root');
    await page.getByLabel('Password').fill('a guess');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
  },
  'login-nobody': login(session(NOBODY, { oidc: false, local: false })),
  'login-signed-in': async (page) => {
    await login(asAlice)(page);
    await page.evaluate(() => document.documentElement.setAttribute('data-sign-in', 'oidc'));
    await press(page, 'Signed in as');
    await page.getByRole('link', { name: 'API tokens' }).waitFor();
  },
};

const token = (id: string, name: string, more: Json = {}): Json => ({
  id,
  name,
  scopes: ['create', 'receipts'],
  owner: 'b5f1c9d2-alice',
  createdAt: at,
  expiresAt: from(86_400 * 40),
  lastUsedAt: null,
  ...more,
});
const tokens = [
  token('a', 'Backup job on the build server'),
  token('b', 'deploy', { scopes: ['create', 'receipts', 'stats'], lastUsedAt: at }),
  token('c', 'old one', { expiresAt: at }),
];
const tokensPage: State = async (page) => {
  await answering(page, { '/auth/session': asAlice, '/tokens': { tokens, nextCursor: null } });
  await page.goto('/tokens');
  await shows(page, 'API tokens');
};

export const tokenStates: Record<string, State> = {
  'tokens-list': async (page) => {
    await tokensPage(page);
    await press(page, 'Revoke deploy');
    await page.getByRole('group', { name: 'Revoke “deploy”?' }).waitFor();
  },
  'tokens-new': async (page) => {
    await tokensPage(page);
    await press(page, 'New token');
    await press(page, 'Make the token');
    await page.getByRole('alert').waitFor();
  },
  'tokens-shown': async (page) => {
    await tokensPage(page);
    await page.route('**/tokens', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 201,
            json: { secret: `bbt_${'Ab3dEf6h'.repeat(5)}Xyz`, token: tokens[0] },
          })
        : route.fallback(),
    );
    await press(page, 'New token');
    await page.getByRole('textbox', { name: 'Name' }).fill('Backup job');
    await press(page, 'Make the token');
    await page.getByTestId('token').waitFor();
  },
};

const HOUR = 3_600_000;
const spans = Array.from({ length: 24 }, (_, hour) => ({
  start: new Date(Date.parse(at) - (23 - hour) * HOUR).toISOString(),
  created: Math.round(12 + 11 * Math.sin(hour / 3.6)),
  viewed: Math.round(9 + 8 * Math.sin((hour - 1) / 3.6)),
  burned: hour % 7 === 3 ? 2 : 0,
  expired: hour % 5 === 1 ? 1 : 0,
  locked: hour === 14 ? 3 : 0,
  failedAttempts: hour === 14 ? 17 : 1,
  rateLimited: hour > 12 && hour < 17 ? hour * 173 : 0,
}));
const secret = (digit: number, more: Json = {}): Json => ({
  ref: ref(digit),
  kind: 'text',
  size: 312,
  creator: 'anonymous',
  createdAt: from(-7_300),
  expiresAt: from(80_000),
  sealed: true,
  passphraseRequired: false,
  recipientsOnly: false,
  maxViews: 1,
  views: 0,
  failedAttempts: 0,
  lockedUntil: null,
  ...more,
});
const secrets = [
  secret(1, { creator: 'alexandra.konstantinidou@departments.corp.example', recipientsOnly: true }),
  secret(2, {
    passphraseRequired: true,
    sealed: false,
    failedAttempts: 5,
    lockedUntil: from(700),
    maxViews: 3,
    views: 1,
  }),
  secret(3, {
    kind: 'files',
    size: 524_288_000,
    creator: 'token:9f2c1ab47d3e5f60',
    createdAt: from(-86_400 * 20),
  }),
];
const event = (id: number, action: string, more: Json = {}): Json => ({
  id: String(id),
  ref: ref(id % 10),
  action,
  actor: 'anonymous',
  ipAddress: '203.0.113.0',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  createdAt: at,
  extra: {},
  bucket: id % 16,
  sequence: id,
  ...more,
});
const events = [
  event(1, 'burned', { actor: 'root', extra: { by: 'admin' } }),
  event(2, 'locked', { actor: 'local:root', extra: { until: at } }),
  event(3, 'attempt_failed', { extra: { attemptsLeft: 0 }, ipAddress: '2001:db8:1234:5678::' }),
  event(4, 'viewed', { actor: 'alexandra.konstantinidou@departments.corp.example', userAgent: 'curl/8.5.0' }),
  event(5, 'created', { actor: 'token:9f2c1ab47d3e5f60718293a4b5c6d7e8', ipAddress: null, userAgent: null }),
];
const system = {
  version: '0.2.0',
  outbox: { waiting: 9_412, max: 10_000, oldestAgeSeconds: 340 },
  database: { engine: 'postgresql', reachable: false },
  redis: { reachable: true, version: '7.2.5', usedMemoryBytes: 48_234_496 },
  files: { store: 'disk', bytesStored: 734_003_200, quotaBytes: 10_737_418_240 },
  keyring: [
    { id: 1, state: 'decrypt-only' },
    { id: 2, state: 'primary' },
  ],
  chain: {
    lastVerification: {
      at,
      events: 10_412,
      intact: false,
      finding: 'bucket 3, sequence 812: the MAC does not fit',
    },
  },
};
const signedIn = (row: Json, more: Json): Json => {
  const { kind: _kind, sessionId, ...facts } = row;
  return {
    handle: sessionId,
    ...facts,
    createdAt: from(-4_000),
    seenAt: from(-60),
    endsAt: from(39_000),
    ...more,
  };
};
const sessions = [signedIn(ROOT, {}), signedIn(ALICE, { createdAt: from(-9_000) })];

export const adminAnswers = {
  '/auth/session': asRoot,
  '/admin/overview': { asOf: at, range: 'day', liveNow: 37, total: spans[0], spans },
  '/admin/secrets': { secrets, nextCursor: 'more' },
  '/admin/audit': { events, nextCursor: 'more' },
  '/admin/system': system,
  '/admin/tokens': { tokens, nextCursor: null },
  '/admin/sessions': { sessions },
};
const admin =
  (path: string, title: string, then: State = async () => undefined): State =>
  async (page) => {
    await answering(page, adminAnswers);
    await page.goto(`/admin${path}`);
    await shows(page, title);
    await then(page);
  };

export const adminStates: Record<string, State> = {
  'admin-overview': admin('', 'Overview'),
  'admin-secrets': admin('/secrets', 'Live secrets', async (page) => {
    await press(page, `Burn ${ref(2)}`);
    await page.getByRole('group', { name: 'Burn this secret?' }).waitFor();
  }),
  'admin-audit': admin('/audit?action=viewed', 'Audit trail'),
  'admin-system': admin('/system', 'State'),
  'admin-tokens': admin('/tokens', 'API tokens'),
  'admin-sessions': admin('/sessions', 'Sessions'),
  'admin-unavailable': admin('', 'Overview', async (page) => {
    await answering(page, { '/admin/overview': 503 });
    await page.getByRole('radio', { name: '7 days' }).check({ force: true });
    await page.getByRole('alert').waitFor();
  }),
  'admin-denied': async (page) => {
    await answering(page, { '/auth/session': asAlice });
    await page.goto('/admin');
    await shows(page, 'for administrators');
  },
};
