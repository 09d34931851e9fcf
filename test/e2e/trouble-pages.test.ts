import { describe, expect, it } from '@jest/globals';

import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading } from './kit/steps.js';

const portal = usePortal();

/** At first nothing is known under its link; once the trail has its end, the time of that is told. */
const EXPIRED = /This (has )?expired/;

async function untilGone(id: string): Promise<void> {
  while (!['secret_not_found', 'secret_gone'].includes(await portal.api.state(id)))
    await new Promise((next) => setTimeout(next, 50));
}

async function saysAt(link: string, title: RegExp | string): Promise<string> {
  const { page } = await portal.visitor();
  await page.goto(link);
  await heading(page).filter({ hasText: title }).waitFor();
  expect(await breakSeal(page).count()).toBe(0);
  return page.getByRole('main').innerText();
}

/** Another character where the key begins; its last one holds only four bits. */
const otherKey = (link: string) => link.replace(/#(.)/, (_hash, first) => (first === 'A' ? '#B' : '#A'));

describe('a link that does not open', () => {
  it('says that it has expired, with the page opened before or after', async () => {
    const { id, link } = await createSealed(portal.api, 'short-lived', { ttlSeconds: 1 });
    const open = await portal.visitor();
    const { id: slow, link: slowLink } = await createSealed(portal.api, 'short-lived', { ttlSeconds: 12 });
    await open.page.goto(slowLink);
    await breakSeal(open.page).waitFor();

    await untilGone(id);
    expect(await saysAt(link, EXPIRED)).toContain('gone forever');
    await untilGone(slow);
    await breakSeal(open.page).click();
    await heading(open.page).filter({ hasText: EXPIRED }).waitFor();
  });

  it('says that it is cut off, at every place', async () => {
    const { id, link } = await createSealed(portal.api, 'whole');
    const cuts = [link.slice(0, -1), link.slice(0, link.indexOf('#') + 1), link.replace(/#.*/, '')];
    for (const cut of [...cuts, link.slice(0, link.indexOf('#') - 3)]) {
      expect(await saysAt(cut, 'This link is cut off')).toContain('nothing is lost');
    }
    expect(await portal.api.state(id)).toBe('live');
  });

  it('says that the key does not fit, loses nothing, and opens when the right link is pasted over it', async () => {
    const { id, link } = await createSealed(portal.api, 'fits');
    const { page } = await portal.visitor();
    await page.goto(otherKey(link));
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'This link does not fit the envelope' }).waitFor();
    expect(await portal.api.state(id)).toBe('live');

    await page.goto(link);
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'The document' }).waitFor();
  });

  it('says that an unknown id was not found', async () => {
    const { link } = await createSealed(portal.api, 'another');
    await saysAt(link.replace(/\/s\/[^#]+/, `/s/${crypto.randomUUID()}`), 'This has expired, or the link');
  });

  it('says that there is no such page, with a status of 404', async () => {
    const { page } = await portal.visitor();
    const answer = await page.goto('/no/such/page');
    expect(answer?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  });

  it('opens with the punctuation that a chat program put behind it', async () => {
    const { link } = await createSealed(portal.api, 'punctuated');
    const { page } = await portal.visitor();
    await page.goto(`${link}).`);
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'The document' }).waitFor();
  });
});

describe('a server that cannot answer', () => {
  it.each([
    [503, 'store_unavailable', 'The server cannot answer right now'],
    [503, 'key_unavailable', 'The server cannot open this at the moment'],
    [500, 'internal_error', 'Something went wrong on the server'],
    [502, undefined, 'The server cannot answer right now'],
  ])('%i %s: says that nothing is lost, and opens at the next try', async (status, code, title) => {
    const { link } = await createSealed(portal.api, 'patient');
    const { page } = await portal.visitor();
    await page.goto(link);
    const contentType = code ? 'application/problem+json' : 'text/html';
    const body = code ? JSON.stringify({ status, code, requestId: 'r-1' }) : '<h1>Bad gateway</h1>';
    await page.route('**/reveal', (route) => route.fulfill({ status, contentType, body }), { times: 1 });
    await breakSeal(page).click();
    await heading(page).filter({ hasText: title }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'The document' }).waitFor();
  });
});

describe('too many requests', () => {
  const busy = usePortal({
    RATE_LIMIT: 'on',
    RATE_LIMIT_STATUS: '2',
    RATE_LIMIT_WINDOW_SECONDS: '30',
    RATE_LIMIT_BLOCK_SECONDS: '4',
  });

  it('shows how long to wait, and the envelope after that', async () => {
    const { link } = await createSealed(busy.api, 'popular');
    const { page } = await busy.visitor();
    await page.goto(link);
    for (let looks = 0; looks < 2; looks += 1) {
      await breakSeal(page).waitFor();
      await page.reload();
    }
    await heading(page).filter({ hasText: 'Too many requests from here' }).waitFor();
    await page.getByRole('timer').or(page.getByText('The time is over.')).waitFor();
    await page.getByText('The time is over.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await breakSeal(page).waitFor();
  });
});
