import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { violations } from './kit/axe.js';
import {
  choose,
  TempFiles,
  dropFiles,
  linger,
  MIB,
  narrow,
  noise,
  press,
  seal,
  unplug,
  untilPercent,
} from './kit/files-upload.js';
import { usePortal } from './kit/portal-fixture.js';
import { takeLinks } from './kit/steps.js';

const portal = usePortal({ FILE_MAX_BYTES: String(40 * MIB) });
const tempFiles = new TempFiles();
afterAll(() => tempFiles.clear());
const SHOTS = process.env['SHOTS_DIR'];
const PROBLEM = 'application/problem+json';

/** For people: `SHOTS_DIR=folder` keeps a picture of every state. */
async function picture(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true, animations: 'disabled' });
}

const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? `${scrollWidth} pixels of page in ${clientWidth}` : 'fits';
  });
const settle = (page: Page) =>
  page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished.catch(() => undefined)),
    ),
  );

const LONG = `${'ein-sehr-langer-dateiname-'.repeat(6)}fassung-7-final.tar.gz`;
const files = () => [
  tempFiles.put('quarterly figures.xlsx', noise(20 * MIB)),
  tempFiles.put(LONG, noise(70_000)),
  tempFiles.put('\u05d7\u05d5\u05d6\u05d4.pdf', noise(1_200_000)),
];

async function sending(page: Page): Promise<void> {
  const paths = files();
  await page.goto('/');
  const session = await narrow(page, 2 * MIB);
  await choose(page, paths);
  await seal(page);
  await untilPercent(page, 8);
  // The speed is told after a second.
  await page.getByTestId('pace').filter({ hasText: /\d/ }).waitFor();
  await linger(session);
}

/** Leads a page into each of its states; there it stands still enough to be looked at. */
const states: Record<string, (page: Page) => Promise<void>> = {
  'files-chosen': async (page) => {
    const paths = files();
    await page.goto('/');
    await choose(page, paths);
    await page.getByRole('textbox', { name: /^Note/ }).fill('As agreed on the telephone.');
  },
  'files-too-large': async (page) => {
    const path = tempFiles.put('backup.img', noise(41 * MIB));
    await page.goto('/');
    await choose(page, [path]);
    await page.getByRole('alert').waitFor();
  },
  'files-dragged': async (page) => {
    await page.goto('/');
    await dropFiles(page, [{ name: 'a.txt', bytes: noise(10) }]);
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], 'b.txt'));
      return transfer;
    });
    await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  },
  'files-on-server': async (page) => {
    const paths = files();
    await page.goto('/');
    await choose(page, paths);
    await press(page, 'in this browser');
    await page.getByRole('radio', { name: 'Encrypted on the server' }).check();
  },
  'upload-sending': sending,
  'upload-paused': async (page) => {
    await sending(page);
    await press(page, 'Pause');
    await page.getByText('Paused. What has arrived is kept.', { exact: true }).waitFor();
  },
  'upload-waiting': async (page) => {
    const paths = files();
    await page.goto('/');
    const session = await narrow(page, 4 * MIB);
    await choose(page, paths);
    await seal(page);
    await untilPercent(page, 15);
    await unplug(session);
    await page.getByText('The server could not be reached.').waitFor();
  },
  'upload-no-room': async (page) => {
    await page.route('**/uploads', (route) =>
      route.fulfill({ status: 507, contentType: PROBLEM, json: { status: 507, code: 'storage_full' } }),
    );
    const paths = files();
    await page.goto('/');
    await choose(page, paths);
    await seal(page);
    await page.getByRole('alert').waitFor();
  },
  'upload-cancel': async (page) => {
    await sending(page);
    await press(page, 'Cancel');
    await page.getByRole('group', { name: 'Cancel this handover?' }).waitFor();
  },
  'upload-interrupted': async (page) => {
    const paths = files();
    await page.goto('/');
    const session = await narrow(page, 4 * MIB);
    await choose(page, paths);
    await seal(page);
    await untilPercent(page, 45);
    await linger(session);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await choose(page, [tempFiles.put('another.txt', 'x')]);
    await choose(page, [paths[1] ?? '']);
    await page.getByText('found', { exact: true }).waitFor();
    await choose(page, [tempFiles.put('another.txt', 'x')]);
    await page.getByRole('alert').waitFor();
  },
  'upload-refused': async (page) => {
    await page.route('**/uploads', (route) =>
      route.fulfill({
        status: 413,
        contentType: PROBLEM,
        json: { status: 413, code: 'file_too_large', limit: 1_048_576 },
      }),
    );
    const paths = files();
    await page.goto('/');
    await choose(page, paths);
    await seal(page);
    await page.getByRole('alert').waitFor();
  },
  'upload-done': async (page) => {
    const paths = files();
    await page.goto('/');
    await choose(page, paths);
    await seal(page);
    await takeLinks(page);
  },
};

describe('every state of handing files over', () => {
  it.each(Object.keys(states))(
    '%s: axe finds nothing in light and dark, and nothing overflows at 320 pixels',
    async (name) => {
      const { page } = await portal.visitor({ reducedMotion: 'reduce' });
      await states[name]?.(page);
      await settle(page);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await violations(page)).toEqual([]);
      await picture(page, `${name}-light-1280`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await settle(page);
      expect(await violations(page, ['color-contrast'])).toEqual([]);
      await picture(page, `${name}-dark-1280`);
      for (const width of [640, 320]) {
        await page.setViewportSize({ width, height: 720 });
        expect([width, await overflow(page)]).toEqual([width, 'fits']);
      }
      expect(await violations(page, ['target-size', 'scrollable-region-focusable'])).toEqual([]);
      await picture(page, `${name}-dark-320`);
      await page.emulateMedia({ colorScheme: 'light' });
      await picture(page, `${name}-light-320`);
    },
  );
});

describe('in German, whose words are longer', () => {
  it('nothing overflows at 320 pixels and axe finds nothing', async () => {
    const { page } = await portal.visitor({
      locale: 'de-DE',
      reducedMotion: 'reduce',
      viewport: { width: 320, height: 720 },
    });
    const dialog = page.waitForEvent('filechooser');
    const paths = files();
    await page.goto('/');
    await press(page, 'Dateien hinzuf\u00fcgen');
    await (await dialog).setFiles(paths);
    await page.getByText('3 Dateien, 21,2 MB').waitFor();
    expect(await overflow(page)).toBe('fits');
    expect(await violations(page)).toEqual([]);
    await picture(page, 'german-files-320');
    const session = await narrow(page, 2 * MIB);
    await press(page, 'Versiegeln');
    await page.getByTestId('pace').filter({ hasText: /\d/ }).waitFor();
    await linger(session);
    expect(await overflow(page)).toBe('fits');
    expect(await violations(page)).toEqual([]);
    await picture(page, 'german-sending-320');
  });
});

describe('by keyboard alone', () => {
  it('files are chosen, one goes again, and an upload is paused, gone on with and cancelled', async () => {
    const { page } = await portal.visitor();
    const paths = files();
    await page.goto('/');
    const session = await narrow(page, 2 * MIB);
    const tabTo = async (name: string | RegExp) => {
      const target = page.getByRole('button', { name, exact: true });
      for (let presses = 0; presses < 30; presses += 1) {
        if (await target.evaluate((own) => own === document.activeElement).catch(() => false)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to ${String(name)}`);
    };
    await page.getByRole('textbox', { name: 'Secret' }).waitFor();
    const dialog = page.waitForEvent('filechooser');
    await tabTo('Add files');
    await page.keyboard.press('Enter');
    await (await dialog).setFiles(paths);
    await page.getByRole('textbox', { name: /^Note/ }).focus();
    await tabTo(/^Remove ein-sehr/);
    await page.keyboard.press('Enter');
    await page.getByText('2 files, 21.1 MB').waitFor();
    await page.keyboard.press('Control+Enter');
    await untilPercent(page, 3);
    await linger(session);
    await tabTo('Pause');
    await page.keyboard.press('Enter');
    await tabTo('Go on');
    await page.keyboard.press('Enter');
    await tabTo('Cancel');
    await page.keyboard.press('Enter');
    await tabTo('Keep sending');
    await page.keyboard.press('Enter');
    await tabTo('Cancel');
    await page.keyboard.press('Enter');
    await tabTo('Yes, cancel it');
    await page.keyboard.press('Enter');
    await page.getByText('2 files, 21.1 MB').waitFor();
  });
});
