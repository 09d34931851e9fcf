/** @jest-environment node */
import { expect, it } from '@jest/globals';
import { isLongerThan as onServer } from '../../../src/common/text-limits';
import { isLongerThan } from './text';

const MOST = 256;

it.each([
  ['letters', 'a'.repeat(256), false],
  ['one letter too many', 'a'.repeat(257), true],
  ['emoji, of two UTF-16 units each', '\u{1f511}'.repeat(256), false],
  ['one emoji too many', '\u{1f511}'.repeat(257), true],
  ['accents as marks of their own', 'e\u0301'.repeat(256), false],
  ['one accent too many', 'e\u0301'.repeat(257), true],
  ['decomposed Hangul', '\u1100\u1161\u11a8'.repeat(256), false],
  ['a long run of marks', `a${'\u0301'.repeat(3_000)}`, true],
])('counts %s as the server does', (_what, text, isLonger) => {
  expect(isLongerThan(text, MOST)).toBe(isLonger);
  expect(onServer(text, MOST)).toBe(isLonger);
});
