import { Kysely, PostgresAdapter, PostgresDialect, type PostgresPool } from 'kysely';
import { Migrator } from 'kysely/migration';

import {
  DatabaseAwayError,
  DatabaseUnfitError,
  type Database,
  type Queries,
  type SqlValue,
} from './database.port.js';
import { migrations } from './migrations/index.js';

/** An advisory lock that no other program uses in our database: "burn" in ASCII. */
const LOCK = 0x6275726e;

/** The lock is ours already, and it ends with the transaction. */
class LockedAdapter extends PostgresAdapter {
  override acquireMigrationLock(): Promise<void> {
    return Promise.resolve();
  }
  override releaseMigrationLock(): Promise<void> {
    return Promise.resolve();
  }
}

class TransactionDialect extends PostgresDialect {
  constructor(queries: Queries) {
    const query = async (sql: string, params: readonly unknown[]): Promise<object> => ({
      rows: await queries.query(sql, params as readonly SqlValue[]),
    });
    const client = { query, release: () => undefined };
    // Kysely expects a pool of the driver; it uses this part of it.
    const pool = { connect: () => Promise.resolve(client), end: () => Promise.resolve() };
    super({ pool: pool as unknown as PostgresPool });
  }

  override createAdapter(): PostgresAdapter {
    return new LockedAdapter();
  }
}

/**
 * Brings the tables up to date, in one transaction: several processes may try at once, and one of them does
 * it.
 * @throws DatabaseUnfitError when a migration fails or the database is of a newer Burnbag, DatabaseAwayError
 */
export async function migrate(database: Database): Promise<void> {
  try {
    await database.transaction(async (queries) => {
      await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const migrator = new Migrator({
        db: new Kysely({ dialect: new TransactionDialect(queries) }),
        provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
        migrationTableName: 'burnbag_migrations',
        migrationLockTableName: 'burnbag_migrations_lock',
        disableTransactions: true,
      });
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
    });
  } catch (error) {
    if (error instanceof DatabaseAwayError) throw error;
    throw new DatabaseUnfitError(
      `The tables of the database cannot be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** Gives the trail its id, once: not a migration, so that copies of an empty database do not share one. */
export async function nameTrail(database: Queries): Promise<void> {
  await database.query('INSERT INTO audit_trail DEFAULT VALUES ON CONFLICT DO NOTHING');
}
