/** @jest-environment node */
import { expect, it } from '@jest/globals';
import { axisEnd, barHeight, spanLabel, spanLength } from './chart-scale';

it.each([
  [0, 2],
  [2, 2],
  [3, 4],
  [9, 10],
  [10, 10],
  [23, 30],
  [51, 60],
  [99, 100],
  [2_768, 3_000],
])('an axis for values up to %d ends at %d, and its middle is whole', (highest, end) => {
  expect(axisEnd(highest)).toBe(end);
  expect(Number.isInteger(end / 2)).toBe(true);
});

it('shows the smallest value, and nothing for 0', () => {
  expect(barHeight(0, 1_000)).toBe(0);
  expect(barHeight(1, 1_000)).toBe(2);
  expect(barHeight(500, 1_000)).toBe(50);
});

it('labels days of UTC by their date, in any zone, and hours by the clock', () => {
  const days = ['2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'];
  expect(spanLabel(days[0] ?? '', spanLength(days), 'en-GB')).toBe('20 Nov');
  const hours = ['2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z'];
  expect(spanLabel(hours[0] ?? '', spanLength(hours), 'en-GB')).toMatch(/^\d\d:00$/);
  expect(spanLabel('soon', spanLength([]), 'en')).toBe('');
});
