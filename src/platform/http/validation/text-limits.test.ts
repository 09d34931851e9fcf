import { describe, expect, it } from '@jest/globals';

import { shortened } from './text-limits.js';

describe('a shortened text', () => {
  it('is marked, and holds whole characters', () => {
    expect(shortened('abc', 3)).toBe('abc');
    expect(shortened('abcd', 3)).toBe('ab…');
    expect(shortened('a🔑🔑', 3)).toBe('a…');
    expect(shortened('x'.repeat(1_000_000), 100)).toHaveLength(100);
  });
});
