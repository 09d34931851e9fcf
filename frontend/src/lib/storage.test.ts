/** @jest-environment node */
import { expect, it } from '@jest/globals';
import { safeStorage } from './storage';

it('lives as long as the page when the browser blocks its storage', () => {
  const store = safeStorage(() => {
    throw new DOMException('blocked', 'SecurityError');
  });
  store.set('claim', 'abc');
  expect(store.get('claim')).toBe('abc');
  store.remove('claim');
  expect(store.get('claim')).toBeUndefined();
});
