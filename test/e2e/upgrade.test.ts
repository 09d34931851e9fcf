import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { until } from '../int/kit/portal.js';
import { handOverSealed } from './kit/files-download.js';
import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading, plaintext } from './kit/steps.js';

const SECRET = 'written before the upgrade';
const portal = usePortal();

/**
 * The server is upgraded as soon as the page has its first answer of the API: no asset that a document of before asks for
 * from then on is there.
 * @param documents how many documents are from before @returns how many documents were loaded so far
 */
async function upgradeAfterStatus(page: Page, documents: number): Promise<() => number> {
  let loaded = 0;
  let upgraded = false;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) {
      loaded += 1;
      upgraded = false;
    }
  });
  await page.route('**/api/v1/secrets/*/status', async (route) => {
    upgraded = true;
    await route.continue();
  });
  await page.route('**/assets/**', (route) =>
    upgraded && loaded <= documents ? route.fulfill({ status: 404 }) : route.continue(),
  );
  return () => loaded;
}

describe('a page from before an upgrade of the server', () => {
  it('loads itself again with its key, and opens a sealed text', async () => {
    const { link, id } = await createSealed(portal.api, SECRET);
    const { page } = await portal.visitor();
    const documents = await upgradeAfterStatus(page, 1);
    await page.goto(link);
    await until(() => documents() === 2);
    expect(page.url()).toBe(link);
    expect(await portal.api.state(id)).toBe('live');
    await breakSeal(page).click();
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(page).innerText()).toBe(SECRET);
    expect(documents()).toBe(2);
  });

  it('loads itself again, and opens files', async () => {
    const bytes = Buffer.from(SECRET);
    const { link } = await handOverSealed(portal.api, [{ name: 'a.txt', bytes }]);
    const { page } = await portal.visitor();
    const documents = await upgradeAfterStatus(page, 1);
    await page.goto(link);
    await until(() => documents() === 2);
    await breakSeal(page).click();
    await page.getByRole('button', { name: 'Save: a.txt' }).waitFor();
  });

  it('does not do so in a loop: it says what is wrong, and nothing is opened', async () => {
    const { link, id } = await createSealed(portal.api, SECRET);
    const { page } = await portal.visitor();
    const documents = await upgradeAfterStatus(page, 2);
    await page.goto(link);
    await until(() => documents() === 2);
    await breakSeal(page).click();
    await heading(page).filter({ hasText: 'This page is older than the server' }).waitFor();
    expect(await portal.api.state(id)).toBe('live');
    expect(page.url()).toBe(link);
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'The document' }).waitFor();
    expect(documents()).toBe(3);
  });
});
