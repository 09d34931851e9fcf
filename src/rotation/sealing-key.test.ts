import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { Keyring } from '../crypto/keyring/keyring.js';
import { sealingKey } from './sealing-key.js';

const ring = (...ids: readonly [number, ...number[]]): Keyring => {
  const [first, ...rest] = ids;
  const start = Keyring.of(first, randomBytes(32));
  return rest.reduce((keyring, id) => keyring.add(id, randomBytes(32)).promote(id), start);
};

describe('the key that a replica seals with', () => {
  it('is the primary when it runs alone, and when all replicas hold it', () => {
    expect(sealingKey(ring(1, 2), [])).toBe(2);
    expect(sealingKey(ring(1, 2), [{ primary: 1, ids: [1, 2] }])).toBe(2);
  });

  it('stays the old one until the last replica holds the new one', () => {
    const others = [
      { primary: 1, ids: [1, 2] },
      { primary: 1, ids: [1] },
    ];
    expect(sealingKey(ring(1, 2), others)).toBe(1);
    expect(sealingKey(ring(1, 2), [{ primary: undefined, ids: [1] }])).toBe(1);
  });

  it('is one that the others use, when there are several in common', () => {
    const others = [
      { primary: 2, ids: [1, 2] },
      { primary: 2, ids: [1, 2] },
    ];
    expect(sealingKey(ring(1, 2, 3), others)).toBe(2);
  });

  it('is never one that it does not hold itself', () => {
    expect(sealingKey(ring(2, 3), [{ primary: 1, ids: [1, 2] }])).toBe(2);
    expect(sealingKey(ring(3), [{ primary: 1, ids: [1, 2] }])).toBe(3);
  });
});
