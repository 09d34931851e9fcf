import { describe, expect, it } from '@jest/globals';

import { asciiFileName, safeFileName, uniqueFileNames } from './file-names.js';

const bytes = (text: string): number => Buffer.byteLength(text);

/** Raw name and the safe one. */
const NAMES: readonly (readonly [raw: string, safe: string])[] = [
  ['dump.sql', 'dump.sql'],
  ['.env', '.env'],
  ['Größe – 価格 🔑👩‍💻.pdf', 'Größe – 価格 🔑👩‍💻.pdf'],
  ['e\u0301.txt', '\u00e9.txt'],
  ['../../etc/passwd', 'passwd'],
  ['/absolute', 'absolute'],
  ['C:\\Users\\me\\key.pem', 'key.pem'],
  ['folder/', 'folder'],
  ['..', 'file'],
  ['../..', 'file'],
  ['. .', 'file'],
  ['', 'file'],
  ['   ', 'file'],
  ['a..b...txt', 'a.b.txt'],
  ['one\r\nSet-Cookie: x=1.txt', 'one Set-Cookie_ x=1.txt'],
  ['nul\u0000byte\u007f\u0085.txt', 'nul byte.txt'],
  ['line\u2028paragraph\u2029', 'line paragraph'],
  ['invoice\u202egpj.exe', 'invoicegpj.exe'],
  ['\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u202a\u202b\u202c\u202d', 'file'],
  ['zero\u200bwidth\ufeff', 'zerowidth'],
  ['a<b>c:d"e|f?g*h', 'a_b_c_d_e_f_g_h'],
  ['stream.txt:hidden', 'stream.txt_hidden'],
  ['CON', '_CON'],
  ['con.txt', '_con.txt'],
  ['nul .tar.gz', '_nul .tar.gz'],
  ['null and void.txt', 'null and void.txt'],
  ['Com1.log', '_Com1.log'],
  ['LPT¹', '_LPT¹'],
  ['console.log', 'console.log'],
  ['dots and spaces . . ', 'dots and spaces'],
  ['  leading', 'leading'],
  ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
];

describe('safeFileName', () => {
  it.each(NAMES)('makes of %j the name %j', (raw, safe) => expect(safeFileName(raw)).toBe(safe));

  it('leaves a name of 255 bytes alone and cuts longer ones before their extension', () => {
    const exact = `${'a'.repeat(251)}.txt`;
    expect(safeFileName(exact)).toBe(exact);
    expect(safeFileName(`a${exact}`)).toBe(exact);
    expect(safeFileName(`${'x'.repeat(4_000)}.tar.gz`)).toBe(`${'x'.repeat(252)}.gz`);
    expect(safeFileName('y'.repeat(4_000))).toBe('y'.repeat(255));
    // An extension that is too long is part of the name.
    expect(safeFileName(`a.${'z'.repeat(4_000)}`)).toBe(`a.${'z'.repeat(253)}`);
  });

  it('never cuts a character in two, nor leaves a dot or a space where it cut', () => {
    expect(safeFileName(`${'🔑'.repeat(1_000)}.pem`)).toBe(`${'🔑'.repeat(62)}.pem`);
    expect(safeFileName(`${'a'.repeat(250)} ${'b'.repeat(50)}.txt`)).toBe(`${'a'.repeat(250)}.txt`);
    expect(bytes(safeFileName(`con.${'c'.repeat(300)}`))).toBe(255);
  });

  it('takes time linear in the length of a name, whatever is in it', () => {
    const hostile = ['. ', ' .', '.', ' ', '\u0000 ', '/', '\\ ', 'con.', '<', '\u0301\u0327', '\u200b.'];
    const since = process.cpuUsage();
    for (const piece of hostile) safeFileName(`${piece.repeat(1_000_000)}x`);
    expect(process.cpuUsage(since).user / 1_000).toBeLessThan(2_000);
  });

  it('changes nothing when applied twice', () => {
    for (const [raw] of NAMES) {
      const once = safeFileName(raw.repeat(9));
      expect(safeFileName(once)).toBe(once);
      expect(bytes(once)).toBeLessThanOrEqual(255);
    }
  });
});

describe('uniqueFileNames', () => {
  it('numbers names that would overwrite another file, also where case does not count', () => {
    expect(uniqueFileNames(['a.txt', 'A.TXT', 'dir/a.txt', 'b', 'b', '.env', '.env'])).toEqual([
      'a.txt',
      'A (2).TXT',
      'a (3).txt',
      'b',
      'b (2)',
      '.env',
      '.env (2)',
    ]);
    expect(uniqueFileNames(['x (2).txt', 'x.txt', 'x.txt'])).toEqual(['x (2).txt', 'x.txt', 'x (3).txt']);
    expect(uniqueFileNames(['', '..', 'file'])).toEqual(['file', 'file (2)', 'file (3)']);
  });

  it('stays within 255 bytes, and different, for a thousand long names', () => {
    const names = uniqueFileNames(Array.from({ length: 1_000 }, () => `${'é'.repeat(4_000)}.txt`));
    expect(new Set(names).size).toBe(1_000);
    expect(Math.max(...names.map(bytes))).toBeLessThanOrEqual(255);
    expect(names.every((name) => name.endsWith('.txt'))).toBe(true);
  });
});

describe('asciiFileName', () => {
  it.each([
    ['Prüfbericht.pdf', 'Prufbericht.pdf'],
    ['Maß ŁÉ ﬁ.txt', 'Mass _E fi.txt'],
    ['報告.docx', '__.docx'],
    ['a"b\\c?.txt', 'c_.txt'],
    ['ｃｏｎ.txt', '_con.txt'],
    ['🔑', '_'],
    ['plain.txt', 'plain.txt'],
  ])('makes %j %j', (name, ascii) => expect(asciiFileName(name)).toBe(ascii));

  it('is printable ASCII that is safe as it is, for any name', () => {
    for (const name of [
      '\u0130\u0307...',
      'ü'.repeat(300),
      '．．/．．',
      '\u202egpj.exe',
      'ﷺ'.repeat(60),
      '  ',
      '℀.txt',
    ]) {
      const ascii = asciiFileName(name);
      expect(ascii).toMatch(/^[\x20-\x7e]+$/);
      expect(safeFileName(ascii)).toBe(ascii);
      expect(ascii).not.toMatch(/["?*<>|:\\/]/);
    }
  });
});
