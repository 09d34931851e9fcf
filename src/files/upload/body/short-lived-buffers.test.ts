import { expect, it } from '@jest/globals';

import { everyBytes, passedThrough } from './short-lived-buffers.js';

const MIB = 1_048_576;

it('acts once for every 2 MiB that have passed through, in pieces of any size', () => {
  let collections = 0;
  const passed = everyBytes(2 * MIB, () => (collections += 1));
  passed(MIB);
  expect(collections).toBe(0);
  for (let mib = 1; mib < 16; mib += 1) passed(MIB);
  expect(collections).toBe(8);
  passed(5 * MIB);
  expect(collections).toBe(9);
  passed(2 * MIB - 1);
  expect(collections).toBe(9);
});

it('collects in a process that was started without --expose-gc', () => {
  expect(() => passedThrough(2 * MIB)).not.toThrow();
});
