import { afterAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { choose, TempFiles, seal, takeFiles } from './kit/files-upload.js';
import { usePortal } from './kit/portal-fixture.js';
import { openLink, plaintext, takeLinks } from './kit/steps.js';

const portal = usePortal();
const tempFiles = new TempFiles();
const SECRET = 'written before the upgrade';
/** In the code that seals, and in the code that sends files. */
const CODE = [/\/assets\/seal-/, /\/assets\/upload-/];

afterAll(() => tempFiles.clear());

/** From now on the server has no asset that this page could ask for. */
async function upgrade(page: Page): Promise<string[]> {
  const missed: string[] = [];
  await page.route('**/assets/**', (route) => {
    missed.push(new URL(route.request().url()).pathname);
    return route.fulfill({ status: 404 });
  });
  return missed;
}

async function openedBefore() {
  const { page } = await portal.visitor();
  const loaded = CODE.map((code) => page.waitForResponse((answer) => code.test(answer.url())));
  await page.goto('/');
  for (const answer of await Promise.all(loaded)) await answer.finished();
  return { page, missed: await upgrade(page) };
}

describe('a create page from before an upgrade of the server', () => {
  it('seals a text, with a passphrase', async () => {
    const { page, missed } = await openedBefore();
    await page.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
    await page.getByRole('button', { name: 'no passphrase' }).click();
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('open sesame');
    await seal(page);
    const { link } = await takeLinks(page);
    expect(missed).toEqual([]);
    await page.unrouteAll();
    await page.goto(link);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('open sesame');
    await page.getByRole('button', { name: 'Break the seal' }).click();
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(page).textContent()).toBe(SECRET);
  });

  it('sends files', async () => {
    const { page, missed } = await openedBefore();
    await choose(page, [tempFiles.put('before.txt', SECRET)]);
    await seal(page);
    const handed = await takeLinks(page);
    expect(missed).toEqual([]);
    expect((await takeFiles(portal.api, handed)).bytes.toString()).toBe(SECRET);
  });

  it('keeps the draft and says what to do when it could not be loaded before', async () => {
    const { page } = await portal.visitor();
    await page.route('**/assets/{seal,upload}-*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto('/', { waitUntil: 'commit' });
    // Before the idle moment in which the code is fetched: a page without a draft would load itself again.
    const field = page.locator('textarea:visible');
    await field.fill(SECRET);
    await page.locator('[data-shell]').first().waitFor({ state: 'detached' });
    await seal(page);
    await page.getByRole('alert').getByText('The server was upgraded while this page was open').waitFor();
    expect(await field.inputValue()).toBe(SECRET);
    await page.unrouteAll();
    await seal(page);
    const { link } = await takeLinks(page);
    await openLink(page, link);
  });
});
