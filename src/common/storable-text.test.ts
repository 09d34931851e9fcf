import { describe, expect, it } from '@jest/globals';

import { originalName, storableName, storableText } from './storable-text.js';

const NAMES = [
  'alice',
  'DOMAIN\\user',
  'DOMAIN\\ubade',
  'a\0b',
  'a\\u0000b',
  'a\\u005cu0000b',
  'a\ud800b',
  'a\udfff',
  'a\u{fffd}b',
  '\\u00\0',
  '😀',
  '',
];

describe('a name in the audit trail', () => {
  it.each(NAMES)('%j is stored without characters that PostgreSQL refuses, and can be read back', (name) => {
    const stored = storableName(name);
    expect(stored.isWellFormed()).toBe(true);
    expect(stored).not.toContain('\0');
    expect(originalName(stored)).toBe(name);
  });

  it('stays different from every other', () => {
    const long = 'x'.repeat(256);
    const all = [
      ...NAMES,
      long,
      `${long}y`,
      `${'x'.repeat(300)}\0`,
      `${'x'.repeat(300)}\ud800`,
      'x'.repeat(255),
    ];
    const stored = all.map(storableName);
    const lookalikes = stored.filter((name) => name.includes('…')).map(storableName);
    expect(new Set([...stored, ...lookalikes]).size).toBe(all.length + lookalikes.length);
    expect(Math.max(...stored.map((name) => name.length))).toBeLessThanOrEqual(255);
  });

  it('is unchanged when nothing needs it', () => {
    for (const name of ['alice', 'DOMAIN\\user', '248289761001', 'é|日本', 'x'.repeat(255)])
      expect(storableName(name)).toBe(name);
  });

  it('is well-formed where it is cut within a surrogate pair', () => {
    expect(storableName(`${'x'.repeat(199)}${'😀'.repeat(60)}`).isWellFormed()).toBe(true);
  });
});

describe('any text', () => {
  it('is kept as it is, but for NUL and lone surrogates', () => {
    expect(storableText('curl\\u0000 \u{fffd} 😀')).toBe('curl\\u0000 \u{fffd} 😀');
    expect(storableText('a\0\ud800\udfff\udfff')).toBe('a\\u0000\ud800\udfff\\udfff');
  });
});
