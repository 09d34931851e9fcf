import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { untilFocused } from './kit/keyboard.js';
import { usePortal } from './kit/portal-fixture.js';
import { heading } from './kit/steps.js';

const portal = usePortal();

/** The app that comes after the first paint never arrives. */
const withoutApp = (page: Page, how: 'hangs' | 'fails') =>
  page.route('**/assets/start-*.js', (route) => (how === 'fails' ? route.abort() : undefined));
const visible = (page: Page) => page.locator('body').innerText();

describe('before the app is there', () => {
  it.each([
    ['en-GB', 'Hand over a secret', /Geheimnis/],
    ['de-DE', 'Ein Geheimnis übergeben', /Hand over/],
  ])('a browser in %s is shown its own language and no other', async (locale, words, others) => {
    const { page } = await portal.visitor({ locale });
    await withoutApp(page, 'hangs');
    await page.goto('/');
    await page.getByText(words, { exact: true }).locator('visible=true').waitFor();
    expect(await visible(page)).not.toMatch(others);
    expect(await page.title()).toBe('Burnbag');
  });

  it.each([
    ['/s/5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11', 'Loading this page opens nothing'],
    ['/s', 'There is no such page'],
    ['/no/such/page', 'There is no such page'],
  ])('%s says what holds in any case', async (path, words) => {
    const { page } = await portal.visitor();
    await withoutApp(page, 'hangs');
    await page.goto(path);
    await page.getByText(words).locator('visible=true').waitFor();
    expect(await visible(page)).not.toMatch(/A sealed envelope|Hand over a secret$/);
  });

  it('the text can be written, and nothing else can be reached', async () => {
    const { page } = await portal.visitor();
    await withoutApp(page, 'hangs');
    await page.goto('/');
    await untilFocused(page, 'textarea: Secret');
    await page.keyboard.type('early');
    expect(await page.locator('textarea:visible').inputValue()).toBe('early');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    await page.getByText('Seal', { exact: true }).locator('visible=true').click({ force: true });
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BUTTON');
  });

  it('a page whose app does not load says so', async () => {
    const { page, faults } = await portal.visitor();
    await withoutApp(page, 'fails');
    await page.goto('/');
    await page.getByRole('alert').getByText('This page did not load fully').waitFor();
    expect(await visible(page)).not.toMatch(/Hand over/);
    // The script that is missing is the point of this test.
    expect(faults.splice(0)).toEqual(['error: app_outdated']);
  });
});

it('without JavaScript there is one line that says why', async () => {
  const { page } = await portal.visitor({ javaScriptEnabled: false });
  await page.goto('/');
  expect(await page.locator('noscript').isVisible()).toBe(true);
  expect((await visible(page)).trim()).toMatch(/^Burnbag needs JavaScript[^\n]*Nothing has been opened\.$/);
});

it('the app takes the place of all of it', async () => {
  const { page } = await portal.visitor();
  await page.goto('/');
  await heading(page).waitFor();
  expect(await page.locator('[data-shell]').count()).toBe(0);
  await untilFocused(page, 'textarea: Secret');
});
