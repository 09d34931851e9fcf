import { describe, expect, it, jest } from '@jest/globals';

import { isLongerThan, utf8Length, withoutTrailing } from './texts.js';

describe('the length of a text', () => {
  it.each([
    ['letters', 'a'.repeat(256)],
    ['emoji', '🔑'.repeat(256)],
    ['decomposed accents', 'e\u0301'.repeat(256)],
    ['decomposed Hangul', '\u1112\u1161\u11ab'.repeat(256)],
    ['the longest decompositions', '\u1f82'.normalize('NFD').repeat(256)],
  ])('counts characters, not units: %s', (_, text) => {
    expect(isLongerThan(text, 256)).toBe(false);
    expect(isLongerThan(`${text}x`, 256)).toBe(true);
  });

  it('counts variation selectors: a text made of them is not free', () => {
    expect(isLongerThan('\ufe0f'.repeat(257), 256)).toBe(true);
    expect(isLongerThan('\ufe0f'.repeat(1_000_000), 256)).toBe(true);
  });

  it('is decided before a text is normalized that is far too long for it', () => {
    const normalize = jest.spyOn(String.prototype, 'normalize');
    try {
      expect(isLongerThan('\u0301\u0327'.repeat(500_000), 256)).toBe(true);
      expect(normalize).not.toHaveBeenCalled();
    } finally {
      normalize.mockRestore();
    }
  });
});

describe('the bytes of a text', () => {
  it.each(['', 'abc', 'é', '\u07ff\u0800\uffff', '🔑', 'a🔑b', '\ud83d', '\udd11', '\ud83dx', 'x\ud83d'])(
    'are those of UTF-8: %j',
    (text) => expect(utf8Length(text)).toBe(Buffer.byteLength(text, 'utf8')),
  );
});

describe('what stands at the end of a text', () => {
  it.each([
    ['https://burn.example//', '/', 'https://burn.example'],
    ['name. . ', ' .', 'name'],
    ['...', '.', ''],
  ])('of %j all of %j is removed', (text, characters, rest) =>
    expect(withoutTrailing(text, characters)).toBe(rest),
  );
});
