import { existsSync, readFileSync } from 'node:fs';

import { expect, it } from '@jest/globals';

it('the committed durations, by which slow test files start first, name files that exist', () => {
  const file = new URL('../support/durations.json', import.meta.url);
  const durations = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  const missing = Object.keys(durations).filter(
    (path) => !existsSync(new URL(`../../${path}`, import.meta.url)),
  );
  // After a move: rename the key, or run `npm test -- --record-durations`.
  expect(missing).toEqual([]);
  expect(Object.keys(durations).length).toBeGreaterThan(50);
});
