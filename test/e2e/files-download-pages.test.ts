import { randomBytes } from 'node:crypto';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import {
  handOverPlain,
  handOverSealed,
  openFiles,
  save,
  slowDown,
  untilShare,
} from './kit/files-download.js';
import { focused } from './kit/keyboard.js';
import { faultsOf } from './kit/look.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading } from './kit/steps.js';

const portal = usePortal();
afterEach(() => portal.relay.mend());

const MIB = 1_048_576;
const WIDE = { width: 1280, height: 900 };
const LONG = `${'a-rather-long-name-of-a-file-'.repeat(9)}final.tar.gz`;
const NOTE = 'Import them in this order.\nAsk me if one of them does not open.';
const files = (size = 3 * MIB) => [
  { name: 'database dump.sql.gz', bytes: randomBytes(size) },
  { name: LONG, bytes: randomBytes(70_000) },
  { name: '\u05d7\u05d5\u05d6\u05d4 \u202efdp.exe', bytes: randomBytes(1_234) },
];
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const opened = async (page: Page, size?: number) =>
  openFiles(page, (await handOverSealed(portal.api, files(size), { note: NOTE })).link);

async function saving(page: Page): Promise<void> {
  await opened(page, 30 * MIB);
  await slowDown(page, MIB);
  await press(page, 'Save: database dump.sql.gz');
  await untilShare(page, 3);
  await shows(page, /per second/);
}
/** One file, given to the browser: the page asks whether it is there. */
async function handed(page: Page): Promise<void> {
  await openFiles(page, (await handOverSealed(portal.api, [{ name: 'a.bin', bytes: randomBytes(9) }])).link);
  await save(page, 'Save: a.bin');
  await page.getByRole('heading', { name: 'Is it in your folder?' }).waitFor();
}
/** One file, saved. */
async function saved(page: Page): Promise<void> {
  await handed(page);
  await press(page, 'Yes, it is there');
  await shows(page, 'Everything is saved.');
}
async function ended(page: Page): Promise<void> {
  await saved(page);
  await press(page, 'Destroy it now');
  await page.getByRole('status').filter({ hasText: 'No one can open this link again' }).waitFor();
}
/** Changes the answer to the reveal call. */
const revealing = (page: Page, change: Record<string, unknown>) =>
  page.route('**/reveal', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as object), ...change } });
  });

const states: Record<string, (page: Page) => Promise<void>> = {
  'files-envelope': async (page) => {
    await page.goto((await handOverSealed(portal.api, files())).link);
    await breakSeal(page).waitFor();
  },
  'files-envelope-one': async (page) => {
    await page.goto((await handOverPlain(portal.api, files().slice(0, 1), { passphrase: 'x' })).link);
    await breakSeal(page).waitFor();
  },
  'files-opened': opened,
  'files-note-shown': async (page) => {
    await opened(page);
    await press(page, 'Reveal');
    await page.getByTestId('mask').waitFor({ state: 'detached' });
  },
  'files-saving': saving,
  'files-paused': async (page) => {
    await saving(page);
    await press(page, 'Pause: database dump.sql.gz');
    await shows(page, /Paused/);
  },
  'files-waiting': async (page) => {
    await opened(page);
    portal.relay.cutAnswersTo(/^GET \S+\/files\//);
    await press(page, 'Save all as one zip');
    await shows(page, /connection is away/);
  },
  'files-damaged': async (page) => {
    await opened(page);
    await page.route('**/api/v1/files/*', async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      body.fill(0, body.length - 20);
      await route.fulfill({ response: answer, body });
    });
    await press(page, /^Save: a-rather/);
    await page.getByRole('alert').filter({ hasText: 'damaged' }).waitFor();
  },
  'files-confirm': async (page) => {
    await opened(page);
    await press(page, 'I have everything: destroy it now');
    await page.getByRole('group', { name: 'Destroy it now?' }).waitFor();
  },
  'files-lease-soon': async (page) => {
    await revealing(page, { leaseExpiresAt: new Date(Date.now() + 95_000).toISOString() });
    await opened(page);
    await page.getByRole('button', { name: 'Ask for more time' }).waitFor();
  },
  'files-handed': handed,
  'files-handed-all': async (page) => {
    await opened(page);
    await save(page, 'Save all as one zip');
    await page.getByRole('heading', { name: 'Are they in your folder?' }).waitFor();
  },
  'files-saved': saved,
  'files-gone': async (page) => {
    const { link, id } = await handOverSealed(portal.api, files(), { note: NOTE });
    await openFiles(page, link);
    const claim = await page.evaluate((key) => sessionStorage.getItem(key), `burnbag.claim.${id}`);
    await portal.api.send('POST', `/secrets/${id}/acknowledge`, { claim });
    await press(page, /^Save: database/);
    await page.getByRole('alert').filter({ hasText: 'has destroyed its copy' }).waitFor();
  },
  'files-ended': ended,
  'files-cleared': async (page) => {
    await ended(page);
    await press(page, 'Clear this page');
    await heading(page).filter({ hasText: 'Burned' }).waitFor();
  },
  'files-list-damaged': async (page) => {
    await revealing(page, { content: 'YWdlLWVuY3J5cHRpb24=' });
    await page.goto((await handOverSealed(portal.api, files())).link);
    await breakSeal(page).click();
    await heading(page).filter({ hasText: 'The list of the files does not open' }).waitFor();
  },
  'files-receipt': async (page) => {
    await page.goto((await handOverSealed(portal.api, files())).receiptUrl);
    await shows(page, '3 files, 3.1 MB');
  },
  'files-receipt-claimed': async (page) => {
    const { link, receiptUrl } = await handOverSealed(portal.api, files());
    await openFiles(page, link);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto(receiptUrl);
    await shows(page, /A reader is saving the files/);
  },
};

describe('every page of files in every state', () => {
  it.each(Object.keys(states))(
    '%s: axe finds nothing in light and dark, and nothing overflows',
    async (name) => {
      const { page } = await portal.visitor({ reducedMotion: 'reduce', viewport: WIDE });
      await states[name]?.(page);
      expect(await faultsOf(page, name)).toEqual([]);
    },
  );

  it('in German, whose words are longer, nothing overflows either', async () => {
    const { page } = await portal.visitor({ locale: 'de-DE', reducedMotion: 'reduce', viewport: WIDE });
    await page.goto((await handOverSealed(portal.api, files(), { note: NOTE })).link);
    await page.getByRole('button', { name: 'Siegel brechen' }).waitFor();
    expect(await faultsOf(page, 'german-files-envelope')).toEqual([]);
    await page.getByRole('button', { name: 'Siegel brechen' }).click();
    await page.getByRole('heading', { name: 'Die 3 Dateien' }).waitFor();
    await page.setViewportSize(WIDE);
    expect(await faultsOf(page, 'german-files-opened')).toEqual([]);
  });
});

it('the keyboard alone is enough: open, save, end', async () => {
  const { link, id } = await handOverSealed(portal.api, [{ name: 'a.bin', bytes: randomBytes(9) }]);
  const { page } = await portal.visitor();
  await page.goto(link);
  await breakSeal(page).waitFor();
  const tabTo = async (name: string) => {
    const wanted = page.getByRole('button', { name, exact: true });
    for (let presses = 0; presses < 20; presses += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${name}`);
  };
  await tabTo('Break the seal');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The file' }).waitFor();
  await tabTo('Save: a.bin');
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  await coming;
  // The button that was pressed keeps the focus.
  await page.getByRole('button', { name: 'Save again: a.bin', exact: true }).waitFor();
  expect(await focused(page)).toBe('button: Save again: a.bin');
  await tabTo('Yes, it is there');
  await page.keyboard.press('Enter');
  await page.getByText('Everything is saved.').waitFor();
  expect(await focused(page)).toBe('button: Wait, keep it for now');
  await page.keyboard.press('Shift+Tab');
  expect(await focused(page)).toBe('button: Destroy it now');
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'No one can open this link again' }).waitFor();
  expect(await portal.api.state(id)).toBe('secret_gone');
});
