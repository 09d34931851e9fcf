import { isUtf8 } from 'node:buffer';

import { describe, expect, it } from '@jest/globals';

import { JsonShape, memberThatIsNot } from './json-shape.js';

const LIMITS = { depth: 3, items: 8 };
/** What the shape says of a text that arrives in pieces. */
function excessInPieces(text: string, size: number) {
  const bytes = Buffer.from(text);
  const shape = new JsonShape(LIMITS);
  for (let at = 0; at < bytes.length; at += size) {
    const found = shape.take(bytes.subarray(at, at + size));
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('the shape of a JSON text', () => {
  it.each([
    '',
    '{}',
    '{"a":1,"b":2,"c":[3],"d":4}',
    '[[[]]]',
    '[[[],[]],[]]',
    '{"a":"{{{{[[[[::::,,,,::::,,,,"}',
    String.raw`{"a":"\"{{{{[[[[,,,,,,,,,\\"}`,
    String.raw`{"\\\"":"\\\\"}`,
    '"never closed ,,,,,,,,,,',
    String.raw`"ends in a backslash ,,,,,,,,,,,\ `.trim(),
  ])('is fine: %s', (text) => {
    for (const size of [1, 2, 3, 1_000]) expect(excessInPieces(text, size)).toBeUndefined();
  });

  it.each([
    ['[[[[', 'depth'],
    ['{"a":[{"b":[]}]}', 'depth'],
    ['[1,2,3,4,5,6,7,8,9,10]', 'items'],
    ['{"a":1,"b":2,"c":3,"d":4,"e":5}', 'items'],
    [`${',x'.repeat(9)}`, 'items'],
  ])('%s exceeds its %s', (text, limit) => {
    for (const size of [1, 2, 3, 1_000]) expect(excessInPieces(text, size)).toBe(limit);
  });

  it.each(['"', '\\', '"\\', '""', '[]', '{}', ' ', '9', '":'])(
    'costs two looks at each byte at most: %j',
    (piece) => {
      let looks = 0;
      const bytes = new Proxy(Buffer.from(piece.repeat(10_000)), {
        get: (target, name) => {
          if (typeof name === 'string' && name !== 'length') looks += 1;
          return Reflect.get(target, name) as unknown;
        },
      });
      new JsonShape({ depth: 1e9, items: 1e9 }).take(bytes);
      expect(looks).toBeLessThanOrEqual(2 * bytes.length + 2);
    },
  );
});

describe('a member that is not UTF-8', () => {
  const named = (text: string) => memberThatIsNot(isUtf8, Buffer.from(text, 'latin1'));
  it.each([
    ['{"content":"p\xe9ss"}', 'content'],
    ['{"a":1,"content":"p\xe9ss","b":"x"}', 'content'],
    ['{"a":{"b":["\xe9"]},"c":1}', 'a'],
    ['{ "a" : "x,}:\\"" , "b" : "\xe9', 'b'],
    ['{"\\u0061":"\xe9"}', 'a'],
    ['{"\xe9":"x"}', undefined],
    ['["\xe9"]', undefined],
    ['"\xe9"', undefined],
    ['\xff\xfe{', undefined],
    ['{"a":"x"}\xe9', undefined],
    ['{"a":"fine"}', undefined],
  ])('of %j is %j', (text, name) => expect(named(text)).toBe(name));
});
