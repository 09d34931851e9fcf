import { afterAll } from '@jest/globals';

type End = () => Promise<unknown>;

const open = new Set<End>();

/** Has `end` called after the last test of the file, unless the returned function was called before. */
export function endAfterTests(end: End): () => void {
  open.add(end);
  return () => void open.delete(end);
}

// Last started, first ended: an app goes before the Redis that it uses.
afterAll(async () => {
  for (const end of [...open].toReversed()) await end();
  open.clear();
});
