import { describe, expect, it } from '@jest/globals';
import type { Dialog, Page } from 'playwright-core';

import { untilFocused } from './kit/keyboard.js';
import { usePortal } from './kit/portal-fixture.js';
import { handOver, heading } from './kit/steps.js';

const portal = usePortal();
const SECRET = 'hunter2 and more';

const field = (page: Page) => page.locator('#root').getByRole('textbox', { name: 'Secret' });
const question = (page: Page) => page.getByRole('dialog');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Answers every question of the browser itself with "stay". @returns the kinds of questions so far */
function stayAlways(page: Page): string[] {
  const asked: string[] = [];
  page.on('dialog', (dialog: Dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  return asked;
}

/** Tries to leave, which may not happen: then nothing follows that could be waited for but the question. */
const tryTo = async (page: Page, leave: (page: Page) => Promise<unknown>) => {
  const asked = page.waitForEvent('dialog');
  void leave(page).catch(() => undefined);
  await asked;
};

/** A draft on a page that was reached inside the app, without a document of its own. */
async function draftInsideApp() {
  const { page } = await portal.visitor();
  await page.goto('/no/such/page');
  await page.locator('#root').getByRole('link', { name: 'Hand over a secret' }).click();
  await field(page).fill(SECRET);
  return page;
}

describe('a draft', () => {
  it.each<[string, (page: Page) => Promise<unknown>]>([
    ['F5', (page) => page.reload()],
    ['the Back button', (page) => page.goBack()],
    ['the address bar', (page) => page.goto('/login')],
  ])('is not thrown away by %s without a question of the browser', async (_what, leave) => {
    const { page } = await portal.visitor();
    await page.goto('/no/such/page');
    await page.goto('/');
    await field(page).pressSequentially(SECRET);
    const asked = stayAlways(page);
    await tryTo(page, leave);
    expect(asked).toEqual(['beforeunload']);
    expect(await field(page).inputValue()).toBe(SECRET);
  });

  it('is not thrown away by the logo without a question of the page', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await field(page).fill(SECRET);
    const asked = stayAlways(page);
    await page.getByRole('link', { name: 'Burnbag' }).click();
    await untilFocused(page, 'button: Stay here');
    await page.keyboard.press('Escape');
    await untilFocused(page, 'a: Burnbag');
    expect(await field(page).inputValue()).toBe(SECRET);
    await page.getByRole('link', { name: 'Burnbag' }).click();
    await press(page, 'Leave it');
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '');
    // The answer was given already.
    expect(asked).toEqual([]);
  });

  it('is not thrown away by Back inside the app without a question of the page', async () => {
    const page = await draftInsideApp();
    const asked = stayAlways(page);
    await page.evaluate(() => history.back());
    await question(page).waitFor();
    await press(page, 'Stay here');
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await field(page).inputValue()).toBe(SECRET);
    await page.evaluate(() => history.back());
    await question(page).waitFor();
    await press(page, 'Leave it');
    await heading(page).filter({ hasText: 'There is no such page' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/no/such/page');
    expect(asked).toEqual([]);
  });
});

describe('a link that has not been copied yet', () => {
  it.each<[string, (page: Page) => Promise<unknown>]>([
    ['F5', (page) => page.reload()],
    ['the Back button', (page) => page.goBack()],
  ])('is not thrown away by %s without a question', async (_what, leave) => {
    const { page } = await portal.visitor();
    await page.goto('/no/such/page');
    const { link } = await handOver(page, SECRET);
    const asked = stayAlways(page);
    await tryTo(page, leave);
    expect(asked).toEqual(['beforeunload']);
    expect(await page.getByTestId('link').textContent()).toBe(link);
  });

  it('is asked about no more once it is copied', async () => {
    const { page } = await portal.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    await handOver(page, SECRET);
    const asked = stayAlways(page);
    await press(page, 'Copy link');
    await page.getByText('This page can be closed').waitFor();
    await page.reload();
    await field(page).waitFor();
    expect(asked).toEqual([]);
  });

  it('is asked about no more once it was selected and copied with the keyboard', async () => {
    const { page } = await portal.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    const { link } = await handOver(page, SECRET);
    await page.getByTestId('link').click();
    await page.keyboard.press('Control+C');
    await page.getByText('This page can be closed').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  });
});
