/** @jest-environment node */
import { expect, it } from '@jest/globals';
import { extensionOf, shownName } from './file-name';

it.each([
  ['plain.pdf', 'plain.pdf'],
  ['gr\u00fc\u00dfe \u{1F525}.txt', 'gr\u00fc\u00dfe \u{1F525}.txt'],
  ['invoice\u202efdp.exe', 'invoice\ufffdfdp.exe'],
  ['a\nb\u0000c', 'a\ufffdb\ufffdc'],
  ['half \ud83d', 'half \ufffd'],
])('shows a name as what it is: %j', (name, shown) => expect(shownName(name)).toBe(shown));

it('keeps both ends of a long name', () => {
  const shown = shownName(`${'n'.repeat(4_000)}-final.tar.gz`);
  expect([...shown]).toHaveLength(80);
  expect(shown.endsWith('nnn-final.tar.gz')).toBe(true);
});

it.each([
  ['a.PDF', 'pdf'],
  ['a.tar.gz', 'gz'],
  ['.env', ''],
  ['none', ''],
  ['dot.', ''],
])('finds the extension of %s', (name, extension) => expect(extensionOf(name)).toBe(extension));
