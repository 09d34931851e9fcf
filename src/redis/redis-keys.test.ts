import { describe, expect, it } from '@jest/globals';

import { KEY_CHECK_KEY, rateLimitKeys, secretKeys } from './redis-keys.js';

const ref = (first: number) => Buffer.concat([Buffer.from([first]), Buffer.alloc(15, 0xab)]);

describe('a key', () => {
  it('of a secret is in the bucket of the low four bits of its reference, with its tombstone', () => {
    expect(secretKeys(ref(0x3f))).toEqual({
      record: 'bb:{0f}:s:3fababababababababababababababab',
      tombstone: 'bb:{0f}:t:3fababababababababababababababab',
      outbox: 'bb:{0f}:outbox',
    });
    expect(secretKeys(ref(0xf3)).record).toMatch(/^bb:\{03\}:s:/);
  });

  it('is in one of 16 buckets', () => {
    const tags = Array.from({ length: 256 }, (_, first) => secretKeys(ref(first)).record.slice(0, 7));
    expect(new Set(tags).size).toBe(16);
  });

  it('of a counter tells the kind and the hash of a client', () => {
    expect(rateLimitKeys('reveal', 'Zm9vYmE')).toEqual({
      counter: 'bb:{05}:l:reveal:Zm9vYmE',
      refused: 'bb:{05}:refused',
    });
    expect(KEY_CHECK_KEY).toBe('bb:{00}:keys');
  });
});
