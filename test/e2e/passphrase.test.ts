import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { untilFocused } from './kit/keyboard.js';
import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, handOver, plaintext } from './kit/steps.js';

const RIGHT = 'the right one';
const SECRET = 'behind a passphrase';
const portal = usePortal({ PASSPHRASE_ATTEMPTS: '2', PASSPHRASE_LOCK_SECONDS: '8' });

async function attempt(page: Page, passphrase: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
  await breakSeal(page).click();
}

async function readsSecret(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Reveal' }).click();
  expect(await plaintext(page).innerText()).toBe(SECRET);
}

/** Links of both kinds, made by the API. */
const makers = {
  sealed: () => createSealed(portal.api, SECRET, { passphrase: RIGHT }),
  'encrypted by the server': async () => {
    const { id, url } = await portal.api.create({ content: SECRET, passphrase: RIGHT });
    return { id, link: url };
  },
};

describe.each(Object.entries(makers))('a secret %s with a passphrase', (_kind, make) => {
  it('asks for it before it asks the server for anything', async () => {
    const { link, id } = await make();
    const { page } = await portal.visitor();
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(`${request.method()} ${request.url()}`));
    await page.goto(link);
    await breakSeal(page).click();
    await page.getByRole('alert').filter({ hasText: 'Type the passphrase first' }).waitFor();
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual([]);
    await page.close();
    expect(await portal.api.state(id)).toBe('live');
  });

  it('takes the right one after a wrong one, and says how many tries are left', async () => {
    const { link, id } = await make();
    const { page } = await portal.visitor();
    await page.goto(link);
    await attempt(page, 'a wrong one');
    await page.getByRole('alert').filter({ hasText: 'you have 1 more try before a pause' }).waitFor();
    expect(await portal.api.state(id)).toBe('live');
    await untilFocused(page, 'input: Passphrase');
    await attempt(page, RIGHT);
    await readsSecret(page);
  });

  it('locks after too many, shows the time, and opens with the right one after the pause', async () => {
    const { link, id } = await make();
    const { page } = await portal.visitor();
    await page.goto(link);
    await attempt(page, 'wrong');
    await page.getByRole('alert').filter({ hasText: '1 more try' }).waitFor();
    await attempt(page, 'wrong again');
    await page.getByRole('heading', { name: 'Locked after too many wrong passphrases' }).waitFor();
    expect(await page.getByRole('timer', { name: 'Time left' }).innerText()).toMatch(/^0:0[0-8]$/);
    expect(await portal.api.state(id)).toBe('locked');

    await page.getByText('The time is over.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await attempt(page, RIGHT);
    await readsSecret(page);
  });
});

describe('a passphrase chosen on the page', () => {
  it('can be generated, is shown once to the sender, and opens what it sealed', async () => {
    const sender = await portal.visitor();
    await sender.page.goto('/');
    await sender.page.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
    await sender.page.getByRole('button', { name: 'no passphrase' }).click();
    await sender.page.getByRole('button', { name: 'Generate one' }).click();
    const passphrase = await sender.page.getByRole('textbox', { name: 'Passphrase' }).inputValue();
    await sender.page.getByText('Strong, as far as an estimate can tell.').waitFor();
    await sender.page.getByRole('button', { name: 'Seal', exact: true }).click();
    expect(await sender.page.getByTestId('passphrase').innerText()).toBe(passphrase);

    const reader = await portal.visitor();
    await reader.page.goto(await sender.page.getByTestId('link').innerText());
    await attempt(reader.page, passphrase);
    await readsSecret(reader.page);
  });

  it('means the same in both forms of Unicode', async () => {
    const sender = await portal.visitor();
    const { link } = await handOver(sender.page, SECRET, { passphrase: 'K\u00e4se', onServer: true });
    const { page } = await portal.visitor();
    await page.goto(link);
    await attempt(page, 'Ka\u0308se');
    await readsSecret(page);
  });
});
