import { DataDirError } from '../platform/data-dir/data-dir.errors.js';
import { DatabaseUnfitError, type Database } from './database.port.js';

/** A PostgreSQL server, or the folder in which the embedded one keeps its data. */
export type DatabaseTarget = { readonly url: string } | { readonly dataDir: string };

export interface OpenOptions {
  /**
   * When another process uses the folder: query that process, read-only. @default false: DatabaseUnfitError
   */
  readonly door?: boolean;
  /** The embedded engine failed: it must be closed (which may fail) and opened again. */
  readonly onBroken?: (error: Error) => void;
}

/**
 * Opens the database without changing its tables (see migrate).
 * @throws DatabaseAwayError when the server cannot be reached, DatabaseUnfitError when an operator must act
 * first
 */
export async function openDatabase(target: DatabaseTarget, options: OpenOptions = {}): Promise<Database> {
  // Loads only one of the engines: PGlite's code alone takes a hundred megabytes.
  if ('url' in target) {
    const { openPostgres } = await import('./postgres.database.js');
    return openPostgres(target.url);
  }
  const { openPglite, preparePgliteFolder } = await import('./pglite.database.js');
  try {
    return await openPglite(target.dataDir, options.onBroken ?? (() => undefined));
  } catch (error) {
    if (!(error instanceof DataDirError)) throw error;
    if (options.door) {
      const { connectToOwner } = await import('./thread/database-ipc.js');
      const behind = await connectToOwner(preparePgliteFolder(target.dataDir).lockSocket);
      if (behind) return behind;
    }
    throw new DatabaseUnfitError(error.message, { cause: error });
  }
}
