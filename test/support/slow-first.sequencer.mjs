import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';

/** `npm test -- --record-durations` writes it: seconds of the slow test files, by their path in the project. */
const durations = JSON.parse(readFileSync(new URL('./durations.json', import.meta.url), 'utf8'));
const root = new URL('../..', import.meta.url).pathname;

/**
 * The order of the test files: the slowest first, so that none of them runs alone at the end. Reads the durations that are
 * committed, because a fresh clone has measured none; files without one follow, the largest first.
 */
export default class SlowFirstSequencer {
  sort(tests) {
    return tests
      .map((test) => ({
        test,
        seconds: durations[relative(root, test.path)] ?? 0,
        bytes: statSync(test.path).size,
      }))
      .sort((a, b) => b.seconds - a.seconds || b.bytes - a.bytes)
      .map(({ test }) => test);
  }

  /** `--shard=index/count`: every shard gets slow and quick files alike. */
  shard(tests, { shardIndex, shardCount }) {
    return this.sort(tests).filter((_, at) => at % shardCount === shardIndex - 1);
  }

  /** `--onlyFailures`: no results of earlier runs are kept, so that all tests run. */
  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
