/** @jest-environment node */
import { describe, expect, it } from '@jest/globals';
import * as server from '../../../../src/files/file-names';
import { safeFileName, uniqueFileNames } from './safe-name';

const NAMES: readonly (readonly [raw: string, safe: string])[] = [
  ['dump.sql', 'dump.sql'],
  ['.env', '.env'],
  ['Größe – 価格 🔑👩‍💻.pdf', 'Größe – 価格 🔑👩‍💻.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\key.pem', 'key.pem'],
  ['..', 'file'],
  ['', 'file'],
  ['one\r\nSet-Cookie: x=1.txt', 'one Set-Cookie_ x=1.txt'],
  ['nul\u0000byte\u007f\u0085.txt', 'nul byte.txt'],
  ['invoice\u202egpj.exe', 'invoicegpj.exe'],
  ['\u2066\u2067\u202a', 'file'],
  ['a<b>c:d"e|f?g*h', 'a_b_c_d_e_f_g_h'],
  ['con.txt', '_con.txt'],
  ['LPT¹', '_LPT¹'],
  ['dots and spaces . . ', 'dots and spaces'],
  ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
  [`${'x'.repeat(4_000)}.tar.gz`, `${'x'.repeat(252)}.gz`],
  [`${'🔑'.repeat(1_000)}.pem`, `${'🔑'.repeat(62)}.pem`],
];

describe('the name under which a file is saved', () => {
  it('holds nothing that deceives, breaks or leads elsewhere, and fits', () =>
    expect(NAMES.map(([raw]) => safeFileName(raw))).toEqual(NAMES.map(([, safe]) => safe)));

  it('is the one that the server would give', () => {
    const raws = NAMES.flatMap(([raw]) => [raw, raw.repeat(9), `${raw}.${raw}`]);
    expect(raws.map(safeFileName)).toEqual(raws.map(server.safeFileName));
    expect(uniqueFileNames(raws)).toEqual(server.uniqueFileNames(raws));
  });

  it('is numbered in an archive when another has it, also where case does not count', () => {
    expect(uniqueFileNames(['a.txt', 'A.TXT', 'dir/a.txt'])).toEqual(['a.txt', 'A (2).TXT', 'a (3).txt']);
  });
});
