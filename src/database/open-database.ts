import { DataDirError } from '../common/data-dir/data-dir.errors.js';
import { DatabaseUnfitError, type Database } from './database.port.js';

/** A PostgreSQL server, or the folder in which the embedded one keeps its data. */
export type DatabaseTarget = { readonly url: string } | { readonly dataDir: string };

export interface OpenOptions {
  /** Where another process runs on the folder: ask that one, read-only. @default false: DatabaseUnfitError */
  readonly door?: boolean;
  /** The embedded engine failed: nothing works until it is closed (which may fail) and opened again. */
  readonly onBroken?: (error: Error) => void;
}

/**
 * Opens the database without touching its tables (see migrate).
 * @throws DatabaseAwayError when the server cannot be reached, DatabaseUnfitError when somebody must act first
 */
export async function openDatabase(target: DatabaseTarget, options: OpenOptions = {}): Promise<Database> {
  // Only one of the engines is ever loaded: PGlite's code alone takes a hundred megabytes.
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
      const { knockAtDoor } = await import('./database-door.js');
      const behind = await knockAtDoor(preparePgliteFolder(target.dataDir).lockSocket);
      if (behind) return behind;
    }
    throw new DatabaseUnfitError(error.message, { cause: error });
  }
}
