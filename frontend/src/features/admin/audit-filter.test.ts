/** @jest-environment node */
import { expect, it } from '@jest/globals';
import { exportAddress, filterParams, readFilter } from './audit-filter';

it('reads the filter from the URL, and nothing else', () => {
  const query = new URLSearchParams('ref=+9f2c+&actor=&action=viewed&limit=9&cursor=x');
  expect(readFilter(query)).toEqual({ ref: '9f2c', action: 'viewed' });
});

it('sends times as the server reads them, and leaves out invalid ones', () => {
  const local = '2026-11-20T10:00';
  expect(filterParams({ from: local, to: 'soon', actor: 'a@b' })).toEqual({
    from: new Date(local).toISOString(),
    actor: 'a@b',
  });
});

it('exports what the search finds', () =>
  expect(exportAddress({ actor: 'a&b@c' }, 'csv')).toBe(
    '/api/v1/admin/audit/export?format=csv&actor=a%26b%40c',
  ));
