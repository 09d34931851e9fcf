import { describe, expect, it } from '@jest/globals';

import { requestedRange } from './byte-range.js';

const ETAG = '"one"';
const of = (range: string, length = 1_000, ifRange?: string) =>
  requestedRange({ range, ifRange }, ETAG, length);

describe('requestedRange', () => {
  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-', 0, 1_000],
    ['bytes=999-', 999, 1_000],
    ['bytes=10-19', 10, 20],
    ['bytes=10-5000', 10, 1_000],
    ['bytes=-1', 999, 1_000],
    ['bytes=-1000', 0, 1_000],
    ['bytes=-5000', 0, 1_000],
    ['bytes=0-99999999999999999999', 0, 1_000],
    ['BYTES = 10-19', 10, 20],
    ['bytes= 10 - 19 ', 10, 20],
    // Adjacent and overlapping parts are merged; parts beyond the end are dropped.
    ['bytes=10-19,20-29', 10, 30],
    ['bytes=0-9, -995', 0, 1_000],
    ['bytes=10-19,5000-', 10, 20],
  ])('%s is from %d to %d of 1,000', (range, from, to) => expect(of(range)).toEqual({ from, to }));

  it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0', 'bytes=20-10', 'bytes=5000-,6000-'])(
    '%s cannot be satisfied of 1,000',
    (range) => expect(of(range)).toBe('unsatisfiable'),
  );

  it.each([
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=0x1-2',
    'bytes=1',
    'bytes=--5',
    'bytes=1-2,x',
    'bytes=0-1, bytes=2-3',
    'lines=1-2',
    '',
    'bytes=0-9,20-29',
  ])('%j means the whole file', (range) => expect(of(range)).toBeUndefined());

  it('is the whole file when the client has another version of it, or a date', () => {
    expect(of('bytes=1-2', 10, ETAG)).toEqual({ from: 1, to: 3 });
    for (const other of ['"other"', `W/${ETAG}`, 'Wed, 21 Oct 2015 07:28:00 GMT', '']) {
      expect(of('bytes=1-2', 10, other)).toBeUndefined();
      expect(of('bytes=99-', 10, other)).toBeUndefined();
    }
  });

  it('is the whole of an empty file, whatever is asked', () => {
    for (const range of ['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=5-'])
      expect(of(range, 0)).toBeUndefined();
  });

  it('takes no time for ten thousand parts', () => {
    const parts = Array.from({ length: 5_000 }, (_, i) => `${i * 2}-${i * 2}`);
    expect(of(`bytes=${parts.join(',')}`, 20_000)).toBeUndefined();
  });
});
