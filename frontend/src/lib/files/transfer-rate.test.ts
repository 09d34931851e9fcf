/** @jest-environment node */
import { expect, it } from '@jest/globals';
import { createTransferRate } from './transfer-rate';

const MB = 1_048_576;
/** Notes a steady stream, one sample every `every` milliseconds. */
function stream(seconds: number, perSecond: number, every: number, from = { bytes: 0, at: 0 }) {
  const rate = createTransferRate();
  for (let at = 0; at <= seconds * 1_000; at += every)
    rate.note(from.bytes + (perSecond * at) / 1_000, from.at + at);
  return rate;
}

it.each([50, 250, 1_000])('finds the speed of a steady stream, sampled every %d ms', (every) => {
  expect(stream(3, 2 * MB, every).speed()).toBeCloseTo(2 * MB, -3);
  expect(stream(60, 2 * MB, every).secondsFor(100 * MB)).toBe(50);
});

it('returns nothing before it is known', () => {
  expect(createTransferRate().speed()).toBeUndefined();
  expect(stream(0.5, MB, 100).speed()).toBeUndefined();
  expect(stream(0.5, MB, 100).secondsFor(MB)).toBeUndefined();
  expect(stream(5, 0, 100).secondsFor(MB)).toBeUndefined();
});

it('counts only what it saw: a resumed transfer begins far along', () => {
  expect(stream(10, MB, 200, { bytes: 400 * MB, at: 9_000 }).speed()).toBeCloseTo(MB, -3);
});

it('follows a network that gets slower, without jumping', () => {
  const rate = stream(20, 8 * MB, 200);
  let bytes = 160 * MB;
  for (let at = 20_200; at <= 21_000; at += 200) rate.note((bytes += 0.2 * MB), at);
  expect(rate.speed()).toBeGreaterThan(5 * MB);
  for (let at = 21_200; at <= 60_000; at += 200) rate.note((bytes += 0.2 * MB), at);
  expect(rate.speed()).toBeCloseTo(MB, -4);
});

it('restarts when the transfer goes back, and after a pause', () => {
  const rate = stream(20, MB, 200);
  rate.note(5 * MB, 21_000);
  expect(rate.speed()).toBeUndefined();
  const paused = stream(20, MB, 200);
  paused.restart();
  paused.note(20 * MB, 900_000);
  paused.note(22 * MB, 902_000);
  expect(paused.speed()).toBeCloseTo(MB, -3);
});

it('is not confused by two reports at the same moment', () => {
  const rate = stream(2, MB, 100);
  rate.note(2 * MB + 100, 2_000);
  expect(Number.isFinite(rate.speed())).toBe(true);
});
