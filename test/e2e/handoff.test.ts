import { readFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';

import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, handOver, heading, openLink, plaintext, readText } from './kit/steps.js';

const SECRET = 'correct horse battery staple\n\u{1F525} Zeile zwei\t\u00e4\u00f6\u00fc <b>&amp;</b>\nthree';
const portal = usePortal();

/** As most people have it. */
const MOVING = { reducedMotion: 'no-preference' } as const;
describe('a secret handed over from one browser to another', () => {
  it('is sealed by one person and opened by another, exactly as it was written', async () => {
    const sender = await portal.visitor(MOVING);
    const { link, fragment } = await handOver(sender.page, SECRET);
    expect(fragment).toMatch(/^[A-Za-z0-9_-]{43}$/);

    const reader = await portal.visitor(MOVING);
    await openLink(reader.page, link);
    await reader.page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(reader.page).textContent()).toBe(SECRET);
  });

  it('is masked until Reveal is pressed, to the eye, to selection and to a screen reader', async () => {
    const sender = await portal.visitor(MOVING);
    const { link } = await handOver(sender.page, 'hunter2-not-before-reveal');
    const { page } = await portal.visitor(MOVING);
    await openLink(page, link);

    const readable = async () => {
      await page.keyboard.press('Control+A');
      const selected = await page.evaluate(() => getSelection()?.toString() ?? '');
      return [await page.content(), await page.locator('body').ariaSnapshot(), selected].join('\n');
    };
    expect(await readable()).not.toContain('hunter2');
    expect(await plaintext(page).count()).toBe(0);
    await page.getByTestId('mask').waitFor();

    await readText(page);
    expect(await plaintext(page).innerText()).toBe('hunter2-not-before-reveal');
    expect(await readable()).toContain('hunter2');

    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await readable()).not.toContain('hunter2');
  });

  it('is copied without being uncovered', async () => {
    const sender = await portal.visitor(MOVING);
    const { link } = await handOver(sender.page, SECRET);
    const { page, context } = await portal.visitor(MOVING);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: portal.url });
    await openLink(page, link);
    // It is said for a few seconds only.
    const said = page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    await Promise.all([said, page.getByRole('button', { name: 'Copy', exact: true }).click()]);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(SECRET);
    expect(await plaintext(page).count()).toBe(0);
  });

  it('is downloaded byte for byte', async () => {
    const sender = await portal.visitor(MOVING);
    const { link } = await handOver(sender.page, SECRET);
    const { page } = await portal.visitor(MOVING);
    await openLink(page, link);
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/\.txt$/);
    expect(await readFile(await download.path(), 'utf8')).toBe(SECRET);
  });

  it('opens once: the second visit says when, and what to do if it was not you', async () => {
    const sender = await portal.visitor(MOVING);
    const { link } = await handOver(sender.page, SECRET);
    const first = await portal.visitor(MOVING);
    await openLink(first.page, link);
    await readText(first.page);

    const { page } = await portal.visitor(MOVING);
    await page.goto(link);
    await heading(page).filter({ hasText: 'This was opened' }).waitFor();
    expect(await heading(page).innerText()).toMatch(/^This was opened on .*\b20\d\d\b.*\d{1,2}:\d{2}/);
    const words = await page.getByRole('main').innerText();
    expect(words).toContain('If that was not you, tell the sender now');
    expect(await breakSeal(page).count()).toBe(0);
  });

  it('says that it was destroyed when it was burned unread', async () => {
    const sender = await portal.visitor(MOVING);
    const { link } = await handOver(sender.page, SECRET);
    const first = await portal.visitor(MOVING);
    await first.page.goto(link);
    await first.page.getByRole('button', { name: 'I did not expect this: destroy it unread' }).click();
    await first.page.getByRole('button', { name: 'Burn', exact: true }).click();
    await first.page.getByRole('heading', { name: 'Destroyed unread' }).waitFor();

    const { page } = await portal.visitor(MOVING);
    await page.goto(link);
    await page.getByRole('heading', { name: 'This was destroyed unread' }).waitFor();
  });

  it('keeps the key in the address until it is done, and takes it out then', async () => {
    const sender = await portal.visitor(MOVING);
    const { link, id } = await handOver(sender.page, SECRET);
    const { page } = await portal.visitor(MOVING);
    const hold = Promise.withResolvers<void>();
    await page.route('**/acknowledge', async (route) => {
      await hold.promise;
      await route.continue();
    });
    await openLink(page, link);
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(page.url()).toBe(link);
    hold.resolve();
    await page.waitForURL((url) => url.hash === '');
    expect(page.url()).toBe(`${portal.url}/s/${id}`);
    await page.getByRole('heading', { name: 'The document' }).waitFor();
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  });

  it('opens as often as it may, and says how often is left', async () => {
    const { id, url } = await portal.api.create({ content: 'twice', maxViews: 2 });
    const { page } = await portal.visitor(MOVING);
    await openLink(page, url);
    await page.getByRole('button', { name: 'Reveal' }).click();
    await page.getByText('This link opens one more time.').waitFor();
    expect(await portal.api.state(id)).toBe('live');
    const second = await portal.visitor(MOVING);
    await openLink(second.page, url);
    await readText(second.page);
    expect(await portal.api.state(id)).toBe('secret_gone');
  });
});
