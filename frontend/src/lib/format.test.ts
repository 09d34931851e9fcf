/** @jest-environment node */
import { expect, it } from '@jest/globals';
import {
  formatBytes,
  formatClock,
  formatDuration,
  formatMoment,
  formatMoments,
  formatRoughly,
  regional,
} from './format';

it.each([
  [86_400, 'en', '1 day'],
  [604_800, 'de', '7 Tage'],
  [5_400, 'en', '90 minutes'],
  [61, 'en', '61 seconds'],
])('says a duration exactly: %d s', (seconds, language, text) =>
  expect(formatDuration(seconds, language)).toBe(text),
);

it('says roughly what is left', () => {
  expect(formatRoughly(86_399, 'en')).toBe('24 hours');
  expect(formatRoughly(0, 'de')).toBe('0 Sekunden');
});

it('counts down in minutes, and in hours when there are some', () => {
  expect(formatClock(899.2)).toBe('15:00');
  expect(formatClock(3_727)).toBe('1:02:07');
  expect(formatClock(-5)).toBe('0:00');
});

it('says sizes as people do', () => {
  expect(formatBytes(1, 'en')).toBe('1 byte');
  expect(formatBytes(262_144, 'en')).toBe('256 kB');
  expect(formatBytes(1_572_864, 'de')).toBe('1,5 MB');
  expect(formatBytes(1_048_575, 'en')).toBe('1 MB');
  expect(formatBytes(2_254_857_830, 'en')).toBe('2.1 GB');
});

it('joins two points in time, and says one that is both only once', () => {
  const plain = (text: string) => text.replace(/\s/g, ' ');
  const [from, to] = ['2026-11-21T12:01:00', '2026-11-21T12:03:00'];
  expect(plain(formatMoments(from, to, 'en-GB'))).toBe('21 Nov 2026, 12:01–12:03');
  expect(formatMoments(from, from, 'en-GB')).toBe(formatMoment(from, 'en-GB'));
  expect(formatMoments('soon', to, 'en')).toBe('');
});

it('says nothing instead of "Invalid Date"', () => expect(formatMoment('soon', 'en')).toBe(''));

it('takes the region from the browser', () => {
  expect(regional('en', ['de-DE', 'en-GB', 'en'])).toBe('en-GB');
  expect(regional('de', ['en-GB'])).toBe('de');
});
