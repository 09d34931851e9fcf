/**
 * The database port. One dialect (PostgreSQL's), two engines: a PostgreSQL server, or PGlite (PostgreSQL
 * compiled to WebAssembly) in a folder. Values come out the same on both: int2, int4, int8 and numeric as
 * number (a value that a number cannot hold exactly is an error), text as string, bool as boolean,
 * timestamptz as Date, bytea as Buffer, json and jsonb parsed.
 */

/** What a parameter may be. An array is bound as an SQL array: name its type in the SQL, as in `unnest($1::text[])`. */
export type SqlValue =
  string | number | boolean | null | Buffer | Date | readonly (string | number | boolean | null)[];

/** A row, by column name. */
export type Row = Readonly<Record<string, unknown>>;

export interface Queries {
  /**
   * Runs one statement with `$1`-style parameters and answers its rows.
   * @throws DatabaseAwayError when the database cannot be reached, StatementError when it refuses the statement
   */
  query<R extends Row>(sql: string, params?: readonly SqlValue[]): Promise<R[]>;
}

/** What may be done between BEGIN and COMMIT. */
export interface Transaction extends Queries {
  /**
   * Adds many rows at once.
   * @param into table and columns, such as `hours (hour, events)`
   * @param rows what CopyRows finished
   * @throws as `query`
   */
  copy(into: string, rows: Buffer): Promise<void>;
}

export interface Database extends Queries {
  readonly kind: 'postgres' | 'pglite';
  /** Runs `work` between BEGIN and COMMIT, or ROLLBACK when it throws. `work` must use only its argument. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Ends running statements and disconnects from the server or the folder. */
  close(): Promise<void>;
}

/** Injects the Queries of the main thread, which the database thread answers. */
export const DATABASE = Symbol('Database');

/** The database cannot be reached, or the connection broke: transient, so the caller retries. */
export class DatabaseAwayError extends Error {
  override name = 'DatabaseAwayError';
}

/** This database cannot be used until an operator acts: the message says what to do. */
export class DatabaseUnfitError extends Error {
  override name = 'DatabaseUnfitError';
}

/** The database refused a statement; the message is its own. */
export class StatementError extends Error {
  override name = 'StatementError';

  /** @param code SQLSTATE, such as `23505` for a duplicate key */
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}
