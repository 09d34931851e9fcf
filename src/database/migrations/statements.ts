import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A migration that runs these in order; one statement each, since PGlite accepts only one at a time. */
export function statements(...all: readonly string[]): Migration {
  return {
    async up(db) {
      for (const statement of all) await sql.raw(statement).execute(db);
    },
  };
}
