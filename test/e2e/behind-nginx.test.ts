import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { freePort } from '../support/free-port.js';
import { startReverseProxy, type TestReverseProxy } from '../support/reverse-proxy.js';
import { choose, TempFiles, noise, seal, sha256, takeFiles } from './kit/files-upload.js';
import { usePortal } from './kit/portal-fixture.js';
import { openLink, plaintext, takeLinks } from './kit/steps.js';
import { openVisitor } from './kit/visitor.js';

const KIB = 1_024;
const port = await freePort();
const PUBLIC_URL = `http://localhost:${port}`;
const portal = usePortal({ PUBLIC_URL });
const tempFiles = new TempFiles();
let nginx: TestReverseProxy;
let narrow: TestReverseProxy;

beforeAll(async () => {
  nginx = await startReverseProxy({ upstream: portal.url, port });
  narrow = await startReverseProxy({ upstream: portal.url, directives: ['client_max_body_size 1k'] });
});
afterAll(async () => {
  tempFiles.clear();
  await Promise.all([nginx.stop(), narrow.stop()]);
});

/** Someone who reaches the portal through a proxy only. */
async function through(origin: string): Promise<{ page: Page; left: () => Promise<void> }> {
  const { page, context, faults } = await openVisitor(portal.browser, origin);
  await page.goto('/');
  return {
    page,
    left: async () => {
      await context.close();
      expect(faults).toEqual([]);
    },
  };
}

describe('through nginx with its default settings', () => {
  it('files of many megabytes are handed over in pieces that it takes', async () => {
    const { page, left } = await through(PUBLIC_URL);
    const pieces: { bytes: number; status: number }[] = [];
    page.on('response', (answer) => {
      if (answer.request().method() !== 'PATCH') return;
      const bytes = Number(answer.request().headers()['content-length'] ?? 0);
      pieces.push({ bytes, status: answer.status() });
    });
    const bytes = noise(7_000 * KIB);
    await choose(page, [tempFiles.put('large.bin', bytes)]);
    await seal(page);
    const { bytes: got } = await takeFiles(portal.api, await takeLinks(page));
    expect(sha256(got)).toBe(sha256(bytes));
    expect(pieces.filter(({ status }) => status !== 204).map(({ status }) => status)).toEqual([413]);
    expect(pieces[0]?.status).toBe(204);
    await left();
  });

  it('a text of 256 KiB is handed over, and opened', async () => {
    const { page, left } = await through(PUBLIC_URL);
    const text = 'x'.repeat(256 * KIB);
    await page.locator('textarea:visible').fill(text);
    await seal(page);
    const { link } = await takeLinks(page);
    await openLink(page, link);
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(page).textContent()).toBe(text);
    await left();
  });
});

describe('through nginx that takes next to nothing', () => {
  it('a text that it refuses is kept, and the page names the proxy and its setting', async () => {
    const { page, left } = await through(narrow.url);
    const text = 'y'.repeat(4 * KIB);
    await page.locator('textarea:visible').fill(text);
    await seal(page);
    const alert = page.getByRole('alert').filter({ hasText: 'A proxy in front of this server' });
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/\(413\).*client_max_body_size.*Nothing is lost by it/s);
    expect(await page.locator('textarea:visible').inputValue()).toBe(text);
    await left();
  });

  it('files that it refuses wait until its limit is raised', async () => {
    const { page, left } = await through(narrow.url);
    await choose(page, [tempFiles.put('small.bin', noise(100 * KIB))]);
    await seal(page);
    const alert = page.getByRole('alert').filter({ hasText: 'client_max_body_size' });
    await alert.waitFor();
    await alert.getByRole('button', { name: 'Try again now' }).waitFor();
    await left();
  });
});
