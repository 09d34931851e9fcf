import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, it } from '@jest/globals';

import { passedThrough } from './short-lived-buffers.js';

const MIB = 1_048_576;
const ROUNDS = 8;

it('collects the young generation once for every 2 MiB that have passed through', async () => {
  let collections = 0;
  // Collections that V8 starts by itself do not have this flag.
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as unknown as { detail: { kind: number; flags: number } }[]) {
      const isMinor = detail.kind === constants.NODE_PERFORMANCE_GC_MINOR;
      if (isMinor && detail.flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) collections += 1;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  passedThrough(MIB);
  await delay(20);
  expect(collections).toBe(0);
  for (let mib = 1; mib < 2 * ROUNDS; mib += 1) passedThrough(MIB);
  for (let tries = 0; collections < ROUNDS && tries < 1_000; tries += 1) await delay(5);
  observer.disconnect();
  expect(collections).toBe(ROUNDS);
});
