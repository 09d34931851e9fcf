import { describe, expect, it } from '@jest/globals';

import { jsonbText } from './json-text.js';

describe('the text of a jsonb', () => {
  it.each([
    [{}, '{}'],
    [{ b: 1, a: true }, '{"a": true, "b": 1}'],
    [
      { views: -3, ttl: 60, é: 'x', zz: '', a: false },
      '{"a": false, "zz": "", "é": "x", "ttl": 60, "views": -3}',
    ],
    [
      { t: '"\\/\b\f\n\r\t\u0001\u001f\u007f\u2028😀' },
      '{"t": "\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\u2028😀"}',
    ],
    [{ 10: 'ten', 9: 'nine', '-': 0 }, '{"-": 0, "9": "nine", "10": "ten"}'],
    [{ n: -0, max: Number.MAX_SAFE_INTEGER }, '{"n": 0, "max": 9007199254740991}'],
  ])('of %j is as PostgreSQL prints it', (object, text) => {
    expect(jsonbText(object)).toBe(text);
  });

  it('has no byte that PostgreSQL refuses', () => {
    expect(jsonbText({ a: 'x\0y\ud800z' })).toBe('{"a": "x\\\\u0000y\\\\ud800z"}');
  });

  it.each([1.5, Number.NaN, 2 ** 53, Infinity])('is refused for the number %d', (number) => {
    expect(() => jsonbText({ number })).toThrow(RangeError);
  });
});
