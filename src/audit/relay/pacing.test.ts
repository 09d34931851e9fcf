import { describe, expect, it } from '@jest/globals';

import { relayShare } from './pacing.js';

describe('the share of a relay that has no core of its own', () => {
  it('is what the requests leave', () => {
    expect(relayShare(0, 0)).toBe(1);
    expect(relayShare(0.25, 0.1)).toBe(0.75);
  });

  it('is nothing while requests need the whole core and the outbox has room', () => {
    expect(relayShare(1, 0)).toBe(0);
    expect(relayShare(0.99, 0.25)).toBe(0);
    expect(relayShare(1, 0.26)).toBeGreaterThan(0);
  });

  it('grows with the outbox and reaches all of it long before the outbox is full', () => {
    const shares = [0.3, 0.35, 0.4, 0.45, 0.5, 1].map((filled) => relayShare(1, filled));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeGreaterThan(0.02);
    expect(shares.slice(-2)).toEqual([1, 1]);
  });
});
