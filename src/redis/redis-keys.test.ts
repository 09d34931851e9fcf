import { describe, expect, it } from '@jest/globals';
import { Command } from 'ioredis';

import {
  adminSignInKeys,
  fileIndexKey,
  fileKeys,
  KEY_CHECK_KEY,
  outboxKeys,
  rateLimitKeys,
  refusedHitsKey,
  secretKeys,
  sessionIndexKey,
  sessionKeys,
  tokenIndexKey,
  tokenKeys,
  uploadShareKeys,
} from './redis-keys.js';

const ref = (first: number) => Buffer.concat([Buffer.from([first]), Buffer.alloc(15, 0xab)]);

/** Computed by Redis itself. */
const slotsOf = (...groups: object[]): Set<number> =>
  new Set(
    groups.flatMap((keys) => Object.values(keys)).map((key: string) => new Command('get', [key]).getSlot()),
  );

describe('the keys of one script', () => {
  it.each(Array.from({ length: 16 }, (_, bucket) => bucket))('is in one slot (bucket %i)', (bucket) => {
    const id = ref(0xa0 + bucket);
    const indexes = [fileIndexKey(bucket), sessionIndexKey(bucket), tokenIndexKey(bucket, 'owner')];
    const ofSecret = slotsOf(secretKeys(id), fileKeys(id), outboxKeys(bucket), indexes);
    expect(ofSecret.size).toBe(1);
    expect(slotsOf(sessionKeys(id), tokenKeys(id), [refusedHitsKey(bucket)])).toEqual(ofSecret);
    expect(slotsOf(rateLimitKeys('create', `client${bucket.toString(16)}`)).size).toBe(1);
    expect(slotsOf(uploadShareKeys(`client${bucket.toString(16)}`)).size).toBe(1);
  });

  it('of the local administrator share a slot, which no other bucket uses', () => {
    expect(slotsOf(adminSignInKeys('account', 'address')).size).toBe(1);
    expect(slotsOf(Array.from({ length: 16 }, (_, bucket) => outboxKeys(bucket).outbox)).size).toBe(16);
  });
});

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

  it('of a counter holds the kind and the hash of a client', () => {
    expect(rateLimitKeys('reveal', 'Zm9vYmE')).toEqual({
      counter: 'bb:{05}:l:reveal:Zm9vYmE',
      refused: 'bb:{05}:refused',
      textBytes: 'bb:{05}:l:text-bytes:Zm9vYmE',
    });
    expect(KEY_CHECK_KEY).toBe('bb:{00}:keys');
  });
});
