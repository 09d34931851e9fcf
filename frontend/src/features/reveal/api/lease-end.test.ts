import { expect, it } from '@jest/globals';
import { leaseEnd } from './lease-end';

const NOW = Date.parse('2026-11-30T18:00:00.000Z');

it('is as far away as the server says, although the clock of this device is wrong', () => {
  const date = 'Mon, 30 Nov 2026 12:00:00 GMT';
  expect(leaseEnd('2026-11-30T12:01:00.900Z', date, NOW)).toBe(NOW + 59_900);
});

it('is unchanged when the answer has no date', () => {
  expect(leaseEnd('2026-11-30T18:01:00.000Z', undefined, NOW)).toBe(NOW + 60_000);
  expect(leaseEnd('2026-11-30T18:01:00.000Z', 'yesterday', NOW)).toBe(NOW + 60_000);
});

it('is nothing without a lease', () => {
  expect(leaseEnd(undefined, undefined, NOW)).toBeUndefined();
  expect(leaseEnd('soon', undefined, NOW)).toBeUndefined();
});
