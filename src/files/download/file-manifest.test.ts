import { describe, expect, it } from '@jest/globals';

import { EnvelopeDamagedError } from '../../crypto/crypto.errors.js';
import { packedFiles } from './file-manifest.js';

const facts = { count: 2, bytes: 30, payloadBytes: 30 };
const read = (manifest: unknown) =>
  packedFiles(Buffer.from(typeof manifest === 'string' ? manifest : JSON.stringify(manifest)), facts);

describe('packedFiles', () => {
  it('gives the position of each file in the concatenation', () => {
    const files = [
      { name: 'a', type: 'text/plain', size: 10 },
      { name: '../b', type: '', size: 20 },
    ];
    expect(read({ note: 'hello', files })).toEqual([
      { name: 'a', size: 10, offset: 0 },
      { name: '../b', size: 20, offset: 10 },
    ]);
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['no list', { files: 2 }],
    ['another number of files', { files: [{ name: 'a', size: 30 }] }],
    [
      'another total',
      {
        files: [
          { name: 'a', size: 10 },
          { name: 'b', size: 21 },
        ],
      },
    ],
    [
      'a negative size',
      {
        files: [
          { name: 'a', size: 40 },
          { name: 'b', size: -10 },
        ],
      },
    ],
    [
      'half a byte',
      {
        files: [
          { name: 'a', size: 10.5 },
          { name: 'b', size: 19.5 },
        ],
      },
    ],
    [
      'an invalid name',
      {
        files: [
          { name: 1, size: 10 },
          { name: 'b', size: 20 },
        ],
      },
    ],
    ['an invalid entry', { files: [null, { name: 'b', size: 30 }] }],
  ])('treats %s as damage', (_, manifest) => {
    expect(() => read(manifest)).toThrow(EnvelopeDamagedError);
  });
});
