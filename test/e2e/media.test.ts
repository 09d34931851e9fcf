import { describe, expect, it } from '@jest/globals';

import { usePortal } from './kit/portal-fixture.js';
import { heading, openLink, plaintext, readText } from './kit/steps.js';

const SECRET = 'not on paper';
const portal = usePortal();

describe('printing', () => {
  it('prints nothing secret, not even while it is shown', async () => {
    const { url } = await portal.api.create({ content: SECRET });
    const { page } = await portal.visitor();
    await openLink(page, url);
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(await page.locator('body').innerText()).toContain(SECRET);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('body').innerText()).not.toContain(SECRET);
    expect(await plaintext(page).isVisible()).toBe(false);
    await page.getByText('Secrets are not printed.').waitFor();
    const pdf = await page.pdf();
    expect(pdf.length).toBeGreaterThan(1_000);
    await page.emulateMedia({ media: 'screen' });
    expect(await plaintext(page).isVisible()).toBe(true);
  });
});

describe('a person who asked for less motion', () => {
  const moving = () =>
    document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1_000)
      .length;

  it('gets the same handover, only still', async () => {
    const { url } = await portal.api.create({ content: SECRET });
    const { page } = await portal.visitor({ reducedMotion: 'reduce' });
    await openLink(page, url);
    await readText(page);
    expect(await page.locator('[data-burn-line][d]').count()).toBe(0);
    expect(await page.evaluate(moving)).toBe(0);
    await page.getByRole('button', { name: 'Burn this copy' }).click();
    await page.getByRole('heading', { name: 'Burned' }).waitFor();
  });

  it('and without that setting the edge burns', async () => {
    const { url } = await portal.api.create({ content: SECRET });
    const { page } = await portal.visitor({ reducedMotion: 'no-preference' });
    await openLink(page, url);
    expect(await page.locator('[data-burn-line][d]').count()).toBe(0);
    await page.getByRole('button', { name: 'Reveal' }).click();
    await page.locator('[data-burn-line][d]').first().waitFor({ state: 'attached' });
  });
});

describe('the language', () => {
  it.each([
    ['de-AT', 'de', 'Ein versiegelter Umschlag', /[\u00e4\u00f6\u00fc]/],
    ['en-GB', 'en', 'A sealed envelope for you', /no one/],
    ['fr-FR', 'en', 'A sealed envelope for you', /no one/],
  ])('of a browser in %s is %s', async (locale, lang, title, words) => {
    const { url } = await portal.api.create();
    const { page } = await portal.visitor({ locale });
    await page.goto(url);
    await heading(page).filter({ hasText: title }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    expect(await page.getByRole('main').innerText()).toMatch(words);
  });

  it('can be changed, stays so after a reload, and leaves what was written', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await page.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
    // The first paint takes text already, its switches are inert until the app has taken over.
    const german = page.getByRole('radio', { name: 'Deutsch' }).and(page.locator(':not([inert])'));
    await german.click({ force: true });
    await page.getByRole('button', { name: 'Versiegeln', exact: true }).waitFor();
    expect(await page.getByRole('textbox').inputValue()).toBe(SECRET);
    await page.reload();
    await page.getByRole('button', { name: 'Versiegeln', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
  });
});

describe('the theme', () => {
  const ground = () => getComputedStyle(document.body).backgroundColor;

  it('follows the system until it is chosen, and is remembered before the first paint', async () => {
    const { page } = await portal.visitor({ colorScheme: 'dark' });
    await page.goto('/');
    await heading(page).waitFor();
    const dark = await page.evaluate(ground);
    await page.getByRole('radio', { name: 'Light theme' }).click({ force: true });
    await page.waitForFunction((before) => getComputedStyle(document.body).backgroundColor !== before, dark);
    // Nothing is painted before there is a body: the theme must stand by then.
    await page.addInitScript(() => {
      new MutationObserver((_changes, observer) => {
        if (!document.body) return;
        observer.disconnect();
        const root = document.documentElement;
        root.setAttribute('data-theme-at-body', root.getAttribute('data-theme') ?? 'none yet');
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme-at-body')).toBe('light');
  });
});
