import { totalmem } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import { embeddedMaxMemory } from './max-memory.js';

const GIB = 2 ** 30;

describe('the memory of the embedded Redis', () => {
  it('is half of the machine, or of the container where that has less', () => {
    expect(embeddedMaxMemory(16 * GIB, 0)).toBe(8 * GIB);
    expect(embeddedMaxMemory(16 * GIB, GIB)).toBe(GIB / 2);
    expect(embeddedMaxMemory(16 * GIB, 2 ** 64)).toBe(8 * GIB);
    expect(embeddedMaxMemory()).toBeLessThanOrEqual(totalmem() / 2);
    expect(embeddedMaxMemory()).toBeGreaterThan(0);
  });
});
