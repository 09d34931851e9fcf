import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DatabaseTarget } from '../../src/database/open-database.js';
import { IS_FULL_RUN } from './full-run.js';
import { layDatabase } from './lay-database.js';
import { endAfterTests } from './leftovers.js';
import { createOwnDatabase } from './own-database.js';

/** One of the two engines, for a test file. */
export interface TestEngine {
  readonly name: 'PostgreSQL' | 'PGlite';
  /** A new, empty database; removed after the last test of the file. */
  fresh(): Promise<DatabaseTarget>;
  /** As fresh, and soonest ready: it has its tables already. */
  quick(): Promise<DatabaseTarget>;
}

/** A new, empty DATA_DIR, removed after the last test of the file. */
export function freshDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-data-'));
  endAfterTests(() => Promise.resolve(rmSync(dataDir, { recursive: true, force: true })));
  return dataDir;
}

/** What every statement must hold on, for `describe.each`: a PostgreSQL server, and PGlite in a folder. */
export function databaseMatrix(): readonly TestEngine[] {
  const onServer = async (tables: boolean): Promise<DatabaseTarget> => ({
    url: (await createOwnDatabase(tables)).url,
  });
  const copied = (): Promise<DatabaseTarget> => {
    const dataDir = freshDataDir();
    layDatabase(dataDir);
    return Promise.resolve({ dataDir });
  };
  return [
    { name: 'PostgreSQL', fresh: () => onServer(false), quick: () => onServer(true) },
    { name: 'PGlite', fresh: () => Promise.resolve({ dataDir: freshDataDir() }), quick: copied },
  ];
}

/**
 * As {@link databaseMatrix}, for promises that come from statements which the engine tests run on both: `npm test` checks
 * them on PostgreSQL, `npm run test:full` on both.
 */
export function sampledDatabases(): readonly TestEngine[] {
  return databaseMatrix().filter(({ name }) => IS_FULL_RUN || name === 'PostgreSQL');
}
