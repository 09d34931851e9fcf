import { describe, expect, it } from '@jest/globals';

import { focused, roundTrip, tabTo, untilFocused } from './kit/keyboard.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading, plaintext, takeLinks } from './kit/steps.js';

const portal = usePortal();

describe('without a mouse', () => {
  it('a sender writes, chooses, seals and copies the link', async () => {
    const { page, context } = await portal.visitor();
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: portal.url });
    await page.goto('/');
    await page.locator('#root').getByRole('textbox', { name: 'Secret' }).waitFor();
    await untilFocused(page, 'textarea: Secret');
    await page.keyboard.type('typed, never clicked');

    await tabTo(page, 'button: once');
    await page.keyboard.press('Enter');
    await tabTo(page, 'input: once');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await untilFocused(page, 'button: 2 times');
    await page.keyboard.press('Control+Enter');

    const { link } = await takeLinks(page);
    await untilFocused(page, 'h1: Sealed and ready to hand over');
    await tabTo(page, 'button: Copy link');
    // It is said for a few seconds only.
    const said = page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    await Promise.all([said, page.keyboard.press('Space')]);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  });

  it('a reader breaks the seal, reveals, hides and burns the copy', async () => {
    const { url } = await portal.api.create({ content: 'read without a mouse' });
    const { page } = await portal.visitor();
    await page.goto(url);
    await breakSeal(page).waitFor();
    await tabTo(page, 'button: Break the seal');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The document' }).waitFor();
    await untilFocused(page, 'h1: The document');
    await tabTo(page, 'button: Reveal');
    await page.keyboard.press('Enter');
    expect(await plaintext(page).innerText()).toBe('read without a mouse');
    expect(await focused(page)).toBe('button: Hide');
    await page.keyboard.press('Enter');
    await plaintext(page).waitFor({ state: 'detached' });
    await tabTo(page, 'button: Burn this copy');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Burned' }).waitFor();
  });

  it('a wrong passphrase and the right one are a matter of Enter', async () => {
    const { url } = await portal.api.create({ content: 'typed', passphrase: 'right' });
    const { page } = await portal.visitor();
    await page.goto(url);
    await breakSeal(page).waitFor();
    await tabTo(page, 'input: Passphrase');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await focused(page)).toBe('input: Passphrase');
    // The wrong one is selected a moment after it was called wrong; what is typed then takes its place.
    await page.waitForFunction(() => {
      const own = document.activeElement;
      return own instanceof HTMLInputElement && own.selectionStart === 0 && own.selectionEnd === 5;
    });
    await page.keyboard.type('right');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The document' }).waitFor();
  });

  it('the way past the header leaves the key in the address', async () => {
    const { url } = await portal.api.create();
    const { page } = await portal.visitor();
    await page.goto(`${url}#${'A'.repeat(43)}`);
    await heading(page).filter({ hasNotText: 'Loading' }).waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await tabTo(page, 'a: Skip to the page');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    expect(page.url()).toContain(`#${'A'.repeat(43)}`);
  });

  it.each(['light', 'dark'] as const)('the focus can be seen at every stop (%s)', async (colorScheme) => {
    const { url, receiptUrl } = await portal.api.create();
    const { page } = await portal.visitor({ colorScheme, reducedMotion: 'reduce' });
    for (const path of ['/', url, receiptUrl]) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await heading(page).filter({ hasNotText: 'Loading' }).waitFor();
      const stops = await roundTrip(page);
      expect(stops.length).toBeGreaterThan(4);
      expect(stops.filter(({ visible }) => !visible)).toEqual([]);
    }
  });
});
