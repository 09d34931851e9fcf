import { describe, expect, it } from '@jest/globals';

import { decodingOf, decodeUtf8 } from './charset.js';

const decode = (type: string, ...bytes: number[]) => decodingOf(type)?.(Buffer.from(bytes));

describe('the charset of a Content-Type', () => {
  it.each<[string, number[], string | undefined]>([
    ['application/json', [0xc3, 0xa9], 'é'],
    ['application/json; charset=utf-8', [0xc3, 0xa9], 'é'],
    ['application/json;Charset="UTF-8"', [0xc3, 0xa9], 'é'],
    ['application/json; charset=utf-8', [0xe9], undefined],
    ['text/plain; charset=iso-8859-1', [0xe9], 'é'],
    ['text/plain; charset=windows-1252', [0x80, 0x92], '€’'],
    ['text/plain; charset=utf-16le', [0xe9, 0x00], 'é'],
    ['text/plain; charset=utf-16be', [0x00, 0xe9], 'é'],
    ['text/plain; charset=utf-16', [0xe9, 0x00], 'é'],
    ['text/plain; charset=utf-16', [0xfe, 0xff, 0x00, 0xe9], 'é'],
    ['text/plain; charset=utf-16', [0xff, 0xfe, 0xe9, 0x00], 'é'],
    ['text/plain; charset=utf-16le', [0x00, 0xd8], undefined],
    ['text/plain; charset=utf-16le', [0xe9], undefined],
    ['text/plain; charset=us-ascii', [0x61], 'a'],
    ['text/plain; charset=us-ascii', [0xe9], undefined],
  ])('%s decodes %j to %j', (type, bytes, text) => expect(decode(type, ...bytes)).toBe(text));

  it.each([
    'application/json; charset=shift_jis',
    'application/json; charset=utf-7',
    'application/json; charset=',
    'application/json; charset',
    'application/json; charset=utf-8; charset=iso-8859-1',
  ])('is not accepted: %s', (type) => expect(decodingOf(type)).toBeUndefined());

  it('keeps texts distinct: every byte is its own character', () => {
    const texts = Array.from({ length: 256 }, (_, byte) => decode('text/plain; charset=iso-8859-1', byte));
    expect(new Set(texts).size).toBe(256);
  });
});

describe('UTF-8', () => {
  it.each([
    ['half a character', [0xc3]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('is refused for %s', (_, bytes) => expect(decodeUtf8(Buffer.from(bytes))).toBeUndefined());

  it('keeps a replacement character that was sent', () => {
    expect(decodeUtf8(Buffer.from('\ufffd'))).toBe('\ufffd');
  });
});
