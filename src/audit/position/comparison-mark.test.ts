import { expect, it } from '@jest/globals';

import { Keyring } from '../../crypto/keyring/keyring.js';
import { AuditKeys } from '../chain/audit-keys.js';
import { comparisonMark, isMarkOf } from './comparison-mark.js';

const keysOf = (id: number, fill: number) =>
  new AuditKeys(Keyring.of(id, Buffer.from(Array.from({ length: 32 }, (_, at) => at * fill)))).signing;

it('is valid for one bucket, one run and one key only', () => {
  const keys = keysOf(1, 1);
  const mark = comparisonMark(keys, 3, 'run');
  expect(isMarkOf(mark, keys, 3, 'run')).toBe(true);
  expect(isMarkOf(mark, keys, 4, 'run')).toBe(false);
  expect(isMarkOf(mark, keys, 3, 'another')).toBe(false);
  expect(isMarkOf(mark, keysOf(1, 2), 3, 'run')).toBe(false);
  expect(isMarkOf(mark, keysOf(2, 1), 3, 'run')).toBe(false);
});

it('is not valid when cut, extended or changed in any byte', () => {
  const keys = keysOf(1, 1);
  const mark = comparisonMark(keys, 0, 'run');
  expect(isMarkOf(mark.subarray(1), keys, 0, 'run')).toBe(false);
  expect(isMarkOf(Buffer.concat([mark, Buffer.of(0)]), keys, 0, 'run')).toBe(false);
  expect(isMarkOf(Buffer.alloc(0), keys, 0, 'run')).toBe(false);
  for (let at = 0; at < mark.length; at += 1) {
    const other = Buffer.from(mark);
    other[at] = (other[at] ?? 0) ^ 1;
    expect([at, isMarkOf(other, keys, 0, 'run')]).toEqual([at, false]);
  }
});
