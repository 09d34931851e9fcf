import { expect, it } from '@jest/globals';
import { deviceOf, plainly } from './device';

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0';

it.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`, 'Chrome, Windows'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/142.0`, 'Edge, Windows'],
  [`Mozilla/5.0 (Linux; Android 16; K) ${chrome} Mobile Safari/537.36`, 'Chrome, Android'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15', 'Safari, macOS'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile/15E148 Safari/604.1',
    'Safari, iPhone',
  ],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['python-requests/2.32.3 something more', 'python-requests/2.32.3'],
])('%s is %s', (userAgent, words) => expect(deviceOf(userAgent)).toBe(words));

it.each(['', ' ', '\u202e\u200b\u0000', '<>'])('says nothing of %j', (userAgent) =>
  expect(deviceOf(userAgent)).toBeUndefined(),
);

it('leaves no markup, no invisible sign and no more than a line', () => {
  expect(plainly('<b>a\u202eb\u0007c</b>')).toBe('babc/b');
  expect(deviceOf('x'.repeat(500))).toBe(`${'x'.repeat(40)}…`);
});
