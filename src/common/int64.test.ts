import { describe, expect, it } from '@jest/globals';

import { putInt64 } from './int64.js';

const view = new DataView(new ArrayBuffer(24));

describe('a whole number of 64 bits', () => {
  it.each([
    0,
    1,
    -1,
    255,
    2 ** 31,
    -(2 ** 31),
    2 ** 32 - 1,
    2 ** 32,
    -(2 ** 32),
    -(2 ** 32) - 1,
    2 ** 53 - 1,
    1 - 2 ** 53,
  ])('%d is written as by a BigInt', (value) => {
    expect(putInt64(view, 8, value)).toBe(16);
    expect(view.getBigInt64(8)).toBe(BigInt(value));
    expect([view.getBigInt64(0), view.getBigInt64(16)]).toEqual([0n, 0n]);
  });

  it.each([2 ** 53, -(2 ** 53), 0.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is refused', (value) => {
    expect(() => putInt64(view, 8, value)).toThrow(RangeError);
  });
});
