import type { Page } from 'playwright-core';

import type { Api } from './api.js';
import { createSealed } from './sealed.js';
import { breakSeal, heading, openLink, plaintext, readText } from './steps.js';

interface Scene {
  readonly page: Page;
  readonly api: Api;
}

/** A page in one of its states: leads there and returns once it stands still. */
type State = (scene: Scene) => Promise<void>;

const SECRET =
  'DATABASE_URL=postgres://app:v7Gk-2mPq@db.example/app\nO0 l1I | a-line-that-is-much-longer-than-a-narrow-window';

const shows = (page: Page, text: string | RegExp) => heading(page).filter({ hasText: text }).waitFor();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const write = async (page: Page, text = SECRET) => {
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Secret' }).fill(text);
};
const panel =
  (button: string): State =>
  async ({ page }) => {
    await write(page);
    await press(page, button);
  };

/** The answer of the server to one call, instead of its own. */
const answering = async (page: Page, call: string, status: number, problem: Record<string, unknown>) =>
  page.route(call, (route) =>
    route.fulfill({
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status, ...problem }),
    }),
  );
const refusing =
  (status: number, problem: Record<string, unknown>): State =>
  async ({ page, api }) => {
    await answering(page, '**/status', status, problem);
    await page.goto((await api.create()).url);
    await heading(page).waitFor();
  };

const opened = async ({ page, api }: Scene, limits = {}) =>
  openLink(page, (await createSealed(api, SECRET, limits)).link);

/** The rules of this server, with others in place of some. */
const ruling = async (page: Page, rules: Record<string, unknown>) =>
  page.route('**/api/v1/policy', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as object), ...rules } });
  });

export const createStates: Record<string, State> = {
  'create-recipients': async ({ page }) => {
    await ruling(page, { recipientsAllowed: true });
    await write(page);
    await press(page, 'for anyone with the link');
    const field = page.getByRole('textbox', { name: 'Who may open it' });
    await field.fill('alexandra.konstantinidou@departments.corp.example, bob@corp.example');
    await page.getByText('and one other').waitFor();
  },
  'create-rules': async ({ page }) => {
    const required = { passphraseRequired: true, sealedRequired: true, recipientsRequired: true };
    await ruling(page, { ...required, recipientsAllowed: true, filesAllowed: false, maxViews: 1 });
    await write(page);
    await page.getByRole('button', { name: 'for which people?' }).waitFor();
    await press(page, 'Seal');
    await page.getByRole('alert').waitFor();
  },
  'create-sign-in-first': async ({ page }) => {
    await answering(page, '**/secrets', 401, { code: 'sign_in_required' });
    await write(page);
    await press(page, 'Seal');
    await page.getByRole('link', { name: 'Sign in in another tab' }).waitFor();
  },
  'create-empty': async ({ page }) => void (await page.goto('/')),
  'create-written': async ({ page }) => write(page),
  'create-views': panel('once'),
  'create-expiry': panel('1 day'),
  'create-passphrase': async (scene) => {
    await panel('no passphrase')(scene);
    await press(scene.page, 'Generate one');
  },
  'create-lock': panel('in this browser'),
  'create-nothing-to-seal': async ({ page }) => {
    await page.goto('/');
    await press(page, 'Seal');
    await page.getByRole('alert').waitFor();
  },
  'create-refused': async ({ page }) => {
    await answering(page, '**/secrets', 503, { code: 'store_unavailable' });
    await write(page);
    await press(page, 'Seal');
    await page.getByRole('alert').waitFor();
  },
  'create-done': async ({ page }) => {
    await write(page);
    await press(page, 'Seal');
    await shows(page, 'Sealed and ready');
    await press(page, 'Show QR code');
    await page.getByRole('img', { name: 'QR code of the link' }).waitFor();
  },
  'unknown-page': async ({ page }) => {
    await page.goto('/no/such/page');
    await shows(page, 'no such page');
  },
};

export const revealStates: Record<string, State> = {
  'reveal-envelope': async ({ page, api }) => {
    await page.goto((await createSealed(api, SECRET)).link);
    await breakSeal(page).waitFor();
  },
  'reveal-named': async ({ page, api }) => {
    await page.route('**/status', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...((await answer.json()) as object), recipientsOnly: true } });
    });
    await page.goto((await createSealed(api, SECRET)).link);
    await page.getByText('you are one of them').waitFor();
  },
  'reveal-wrong-passphrase': async ({ page, api }) => {
    await page.goto((await api.create({ passphrase: 'right' })).url);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('wrong');
    await breakSeal(page).click();
    await page.getByRole('alert').waitFor();
  },
  'reveal-destroy': async ({ page, api }) => {
    await page.goto((await api.create()).url);
    await press(page, 'I did not expect this: destroy it unread');
    await page.getByRole('group', { name: 'Destroy it unread?' }).waitFor();
  },
  'reveal-masked': async (scene) => {
    await opened(scene);
    await scene.page.getByRole('timer').waitFor();
  },
  'reveal-masked-more': (scene) => opened(scene, { maxViews: 3 }),
  'reveal-lease-over': async (scene) => {
    await scene.page.route('**/reveal', async (route) => {
      const answer = await route.fetch();
      const leaseExpiresAt = new Date(Date.now() - 1_000).toISOString();
      await route.fulfill({ json: { ...((await answer.json()) as object), leaseExpiresAt } });
    });
    await opened(scene);
    await scene.page.getByText('Only this page still holds the text').waitFor();
  },
  'reveal-burned': async (scene) => {
    await opened(scene);
    await readText(scene.page);
    await press(scene.page, 'Hide');
  },
  'reveal-shown': async (scene) => {
    await opened(scene, { maxViews: 3 });
    await press(scene.page, 'Reveal');
    await plaintext(scene.page).waitFor();
    await scene.page.getByTestId('mask').waitFor({ state: 'detached' });
  },
  'reveal-ash': async (scene) => {
    await opened(scene);
    await readText(scene.page);
    await press(scene.page, 'Burn this copy');
    await shows(scene.page, 'Burned');
  },
};

const at = '2026-11-20T10:00:00.000Z';
const later = () => new Date(Date.now() + 754_000).toISOString();

export const troubleStates: Record<string, State> = {
  'trouble-viewed': refusing(410, { code: 'secret_gone', reason: 'viewed', at }),
  'trouble-burned': refusing(410, { code: 'secret_gone', reason: 'burned', at }),
  'trouble-expired': refusing(410, { code: 'secret_gone', reason: 'expired', at }),
  'trouble-sign-in': refusing(401, { code: 'sign_in_required' }),
  'trouble-not-you': async (scene) => {
    const email = 'alexandra.konstantinidou@departments.corp.example';
    const principal = { kind: 'person', subject: 'a', email, isAdmin: false, via: 'oidc', sessionId: '0' };
    await scene.page.route('**/auth/session', (route) => route.fulfill({ json: { principal } }));
    await refusing(403, { code: 'not_recipient' })(scene);
    await scene.page.getByText(`${email} is not among them`).waitFor();
  },
  'trouble-not-found': refusing(404, { code: 'secret_not_found' }),
  'trouble-cut-off': async ({ page }) => {
    await page.goto('/s/1234');
    await shows(page, 'cut off');
  },
  'trouble-locked': async (scene) => refusing(423, { code: 'secret_locked', retryAt: later() })(scene),
  'trouble-busy': refusing(429, { code: 'rate_limited', retryAfterSeconds: 50 }),
  'trouble-unavailable': refusing(503, { code: 'store_unavailable' }),
  'trouble-damaged': refusing(503, { code: 'record_damaged' }),
  'trouble-offline': async ({ page, api }) => {
    await page.route('**/status', (route) => route.abort());
    await page.goto((await api.create()).url);
    await shows(page, 'The connection broke');
  },
  'trouble-undecryptable': async ({ page, api }) => {
    const damaged = { content: 'YWdlLWVuY3J5cHRpb24=', sealed: true, viewsLeft: 0 };
    await page.route('**/reveal', (route) => route.fulfill({ json: damaged }));
    await page.goto((await createSealed(api, SECRET)).link);
    await breakSeal(page).click();
    await shows(page, 'does not open');
  },
};

export const receiptStates: Record<string, State> = {
  'receipt-live': async ({ page, api }) => {
    await page.goto((await api.create()).receiptUrl);
    await press(page, 'Burn it now');
    await page.getByRole('group', { name: 'Burn it now?' }).waitFor();
  },
  'receipt-opened': async ({ page, api }) => {
    const { id, receiptUrl } = await api.create();
    await api.reveal(id);
    await page.goto(receiptUrl);
    await page.getByText('Opened', { exact: true }).first().waitFor();
  },
  'receipt-timeline': async ({ page, api }) => {
    const reader = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', ipAddress: '203.0.113.0' };
    const failed = { action: 'attempt_failed', at, ...reader };
    const timeline = [
      { action: 'created', at },
      { ...failed, attemptsLeft: 1 },
      { ...failed, attemptsLeft: 0, at: '2026-11-20T10:01:00.000Z' },
      { action: 'locked', at, until: later() },
      { action: 'viewed', at, viewsLeft: 1, ...reader },
      { action: 'view_retried', at, ...reader },
      { action: 'acknowledged', at, ...reader },
      { action: 'burned', at, by: 'reader', userAgent: 'curl/8.5.0', ipAddress: '2001:db8:1234:5678::' },
    ];
    const { receiptUrl, ref } = await api.create();
    const receipt = { ref, state: 'burned', createdAt: at, expiresAt: at, endedAt: at, timeline };
    await page.route('**/receipts/*', (route) =>
      route.fulfill({ json: { ...receipt, timelineComplete: false } }),
    );
    await page.goto(receiptUrl);
    await page.getByText('Fetched again by the same reader').waitFor();
  },
  'receipt-named': async ({ page, api }) => {
    const reader = 'alexandra.konstantinidou@departments.corp.example';
    const timeline = [
      { action: 'created', at },
      { action: 'attempt_failed', at, reason: 'not_recipient', ipAddress: '203.0.113.0' },
      { action: 'viewed', at, viewsLeft: 1, reader },
    ];
    const { receiptUrl, ref } = await api.create();
    const receipt = { ref, state: 'live', createdAt: at, expiresAt: later(), recipientsOnly: true, timeline };
    await page.route('**/receipts/*', (route) => route.fulfill({ json: receipt }));
    await page.goto(receiptUrl);
    await page.getByText(`Opened by ${reader}`).waitFor();
  },
  'receipt-invalid': async ({ page }) => {
    await page.goto('/r#short');
    await shows(page, 'not complete');
  },
};
