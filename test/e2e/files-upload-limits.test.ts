import { afterAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { choose, TempFiles, noise, seal } from './kit/files-upload.js';
import { usePortal } from './kit/portal-fixture.js';
import { takeLinks } from './kit/steps.js';

const MAX = 300_000;
const portal = usePortal({
  FILE_MAX_BYTES: String(MAX),
  FILE_COUNT_MAX: '3',
  FILE_EXTENSIONS: 'pem,.TXT',
});
const tempFiles = new TempFiles();
afterAll(() => tempFiles.clear());

/** Tries to seal these files: nothing is sent, and the page says why not. */
async function refused(page: Page, paths: readonly string[], why: string | RegExp): Promise<void> {
  const sent: string[] = [];
  page.on('request', (request) => void (request.method() !== 'GET' && sent.push(request.url())));
  await choose(page, paths);
  await page.getByRole('alert').filter({ hasText: why }).waitFor();
  await seal(page);
  await page.waitForLoadState('networkidle');
  expect(sent).toEqual([]);
}

describe('files that break a limit', () => {
  it('are one too many', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    const paths = [1, 2, 3, 4].map((at) => tempFiles.put(`${at}.txt`, String(at)));
    await refused(page, paths, 'These are 4 files; at most 3');
    await page.getByRole('button', { name: 'Remove 2.txt' }).click();
    await seal(page);
    await takeLinks(page);
  });

  it('are one byte too large together', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    const paths = [tempFiles.put('a.pem', noise(MAX)), tempFiles.put('b.pem', 'x')];
    await refused(page, paths, /more than the 293 kB that can be handed over at once/);
    await page.getByRole('button', { name: 'Remove b.pem' }).click();
    await seal(page);
    await takeLinks(page);
  });

  it('are of another kind', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await refused(page, [tempFiles.put('setup.exe', 'MZ')], /setup.exe.* takes only: pem, txt/);
  });

  it('are refused by the server when only it knows better, and the form stays', async () => {
    const { page } = await portal.visitor();
    await page.route('**/policy', (route) => route.fulfill({ json: { fileMaxBytes: 10 * MAX } }));
    await page.goto('/');
    await choose(page, [tempFiles.put('large.pem', noise(2 * MAX))]);
    await seal(page);
    await page.getByRole('alert').filter({ hasText: 'larger than the 293 kB' }).waitFor();
    await page.getByRole('list', { name: 'Files' }).getByText('large.pem').waitFor();
  });
});
