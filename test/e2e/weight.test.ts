import { gzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';
import type { Page, Response } from 'playwright-core';

import { until } from '../int/kit/portal.js';
import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal } from './kit/steps.js';

const portal = usePortal();
const KB = 1_000;
const QUIET_MS = 1_000;
/** Only in the code that seals and opens. */
const SEALING = 'age-encryption.org/v1';

interface Loaded {
  readonly path: string;
  readonly body: Buffer;
  readonly gzip: number;
  readonly headers: Record<string, string>;
}

/** Loads a page and returns every answer that it took, as the network gave it. */
async function load(page: Page, url: string): Promise<Loaded[]> {
  const answers: Response[] = [];
  const network = { open: 0, movedAt: 0 };
  const moved = (by: number) => () => {
    network.open += by;
    network.movedAt = performance.now();
  };
  page.on('response', (response) => answers.push(response));
  page.on('request', moved(1)).on('requestfinished', moved(-1)).on('requestfailed', moved(-1));
  await page.goto(url);
  await page.locator('#root').getByRole('heading', { level: 1 }).filter({ hasNotText: 'Loading' }).waitFor();
  // Counted from here on: the network may have been idle before, while the page was busy.
  moved(0)();
  await until(() => network.open === 0 && performance.now() - network.movedAt > QUIET_MS);
  const read = answers.map(async (answer) => {
    const body = await answer.body();
    const { pathname } = new URL(answer.url());
    return {
      path: pathname,
      body,
      gzip: gzipSync(body, { level: 9 }).length,
      headers: await answer.allHeaders(),
    };
  });
  return Promise.all(read);
}

const scripts = (loaded: readonly Loaded[]) => loaded.filter(({ path }) => path.endsWith('.js'));
const total = (loaded: readonly Loaded[]) => loaded.reduce((sum, { gzip }) => sum + gzip, 0);

describe('what a page weighs', () => {
  it('the reveal page needs at most 170 kB of JavaScript (gzip), with the sealing code loaded apart', async () => {
    const { link } = await createSealed(portal.api, 'light');
    const { page } = await portal.visitor();
    const loaded = scripts(await load(page, link));
    const sealing = loaded.filter(({ body }) => body.includes(SEALING));
    expect(sealing).toHaveLength(1);
    expect(total(loaded) - total(sealing)).toBeLessThanOrEqual(170 * KB);
    // All of it together, so that nothing is merely moved over there.
    expect(total(loaded)).toBeLessThanOrEqual(200 * KB);
  });

  it('a secret that the server encrypts is opened without the sealing code', async () => {
    const { url } = await portal.api.create();
    const { page } = await portal.visitor();
    const loaded = scripts(await load(page, url));
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'The document' }).waitFor();
    expect(loaded.filter(({ body }) => body.includes(SEALING))).toEqual([]);
  });

  it('every script and style comes compressed and is cached permanently; pages are asked for again', async () => {
    const { page } = await portal.visitor();
    const loaded = await load(page, '/');
    const assets = loaded.filter(({ path }) => path.startsWith('/assets/'));
    const texts = assets.filter(({ path, body }) => /\.(js|css)$/.test(path) && body.length >= 1_024);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter(({ headers }) => !/^(br|gzip)$/.test(headers['content-encoding'] ?? ''))).toEqual([]);
    for (const { headers } of assets) expect(headers['cache-control']).toMatch(/immutable/);
    const document = loaded.find(({ path }) => path === '/');
    expect(document?.headers['cache-control']).toBe('no-cache');
    expect(loaded.filter(({ path }) => path.startsWith('/api/')).map(({ path }) => path)).toEqual([
      '/api/v1/policy',
    ]);
  });

  it.each(['/', 'reveal'])('nothing jumps while %s loads', async (which) => {
    const { page } = await portal.visitor({ viewport: { width: 390, height: 800 } });
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push(Number(Reflect.get(entry, 'value')));
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await load(page, which === '/' ? '/' : (await portal.api.create()).url);
    const shifts = await page.evaluate(() => Reflect.get(globalThis, 'shifts') as number[]);
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.02);
  });
});
