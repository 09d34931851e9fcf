import { randomBytes } from 'node:crypto';

import { expect, it } from '@jest/globals';
import type { CDPSession } from 'playwright-core';

import { handOverSealed, openFiles, savedFile, sha256 } from './kit/files-download.js';
import { usePortal } from './kit/portal-fixture.js';

const portal = usePortal();
const MIB = 1_048_576;

async function heap(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
}

/** Bytes of array buffers and the like, which the JavaScript heap does not count. */
async function outside(session: CDPSession): Promise<number> {
  const usage = (await session.send('Runtime.getHeapUsage')) as { backingStorageSize?: number };
  return usage.backingStorageSize ?? NaN;
}

it('saves 200 MB without holding them: neither the heap nor its buffers grow with the file', async () => {
  const bytes = randomBytes(200 * MIB);
  const { link } = await handOverSealed(portal.api, [{ name: 'huge.bin', bytes }]);
  const { page } = await portal.visitor();
  await openFiles(page, link);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = { heap: await heap(session), outside: await outside(session) };
  const most = { heap: 0, outside: 0 };
  const coming = page.waitForEvent('download', { timeout: 300_000 });
  let done = false;
  const end = () => (done = true);
  void coming.then(end, end);
  await page.getByRole('button', { name: 'Save: huge.bin' }).click();
  let samples = 0;
  while (!done) {
    most.heap = Math.max(most.heap, await heap(session));
    most.outside = Math.max(most.outside, await outside(session));
    samples += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect((await savedFile(await coming)).hash).toBe(sha256(bytes));
  expect(samples).toBeGreaterThan(5);
  expect(most.heap - before.heap).toBeLessThan(48 * MIB);
  expect(most.outside - before.outside).toBeLessThan(96 * MIB);
});
