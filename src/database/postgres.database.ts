import { pipeline } from 'node:stream/promises';

import pg from 'pg';
import { from } from 'pg-copy-streams';

import { connectionReason } from '../platform/logging/connection-reason.js';
import {
  DatabaseAwayError,
  DatabaseUnfitError,
  StatementError,
  type Database,
  type Row,
  type SqlValue,
  type Transaction,
} from './database.port.js';
import { decodeNumber, encodeParam, OID } from './sql-values.js';

/** Connections: one for the relay, one for checks, the rest for readers. */
const CONNECTIONS = 4;
const CONNECT_MS = 5_000;
/**
 * Milliseconds without an answer after which a server counts as lost; no statement of Burnbag takes nearly as
 * long.
 */
const ANSWER_MS = 60_000;

/** Connection lost, shutting down, starting up, out of connections, memory or disk: a retry may succeed. */
const TRANSIENT = /^(08|53|57P0)/;
/** Wrong user or password, no such database, no right to it. */
const REFUSED: ReadonlySet<string> = new Set(['28000', '28P01', '3D000', '42501']);
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

const parsers = new Map<number, (text: string) => unknown>([
  [OID.int8, decodeNumber],
  [OID.numeric, decodeNumber],
  [OID.date, String],
  [OID.timestamp, String],
]);

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) ||
    pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** The driver reports connection failures as plain errors, and only the server's errors as DatabaseError. */
function translate(error: unknown): unknown {
  if (error instanceof RangeError) return error;
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    return TRANSIENT.test(code)
      ? new DatabaseAwayError(error.message)
      : new StatementError(error.message, code);
  }
  return new DatabaseAwayError(connectionReason(error), { cause: error });
}

async function ask<R extends Row>(
  client: pg.ClientBase,
  sql: string,
  params: readonly SqlValue[],
): Promise<R[]> {
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, params.map(encodeParam));
    return rows as R[];
  } catch (error) {
    throw translate(error);
  }
}

async function copy(client: pg.ClientBase, into: string, rows: Buffer): Promise<void> {
  try {
    const stream = client.query(from(`COPY ${into} FROM STDIN WITH (FORMAT binary)`));
    // The driver's own limit is for statements only.
    await pipeline([rows], stream, { signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    throw translate(error);
  }
}

/** A PostgreSQL server, through a small pool that replaces broken connections. */
class PostgresDatabase implements Database {
  readonly kind = 'postgres';

  constructor(private readonly pool: pg.Pool) {
    // Ignores an idle connection that breaks: the next query makes another one, or reports why not.
    pool.on('error', () => undefined);
  }

  query<R extends Row>(sql: string, params: readonly SqlValue[] = []): Promise<R[]> {
    return this.connected((client) => ask<R>(client, sql, params));
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.connected(async (client) => {
      const queries: Transaction = {
        query: (sql, params = []) => ask(client, sql, params),
        copy: (into, rows) => copy(client, into, rows),
      };
      await queries.query('BEGIN');
      try {
        const result = await work(queries);
        await queries.query('COMMIT');
        return result;
      } catch (error) {
        if (!(error instanceof DatabaseAwayError)) await queries.query('ROLLBACK');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async connected<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await this.pool.connect();
    } catch (error) {
      throw translate(error);
    }
    let lost = false;
    // Between two statements of a transaction there is no other listener for the end of the connection.
    const onError = (): void => {
      lost = true;
    };
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      lost ||= error instanceof DatabaseAwayError;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(lost);
    }
  }
}

function unfit(error: unknown): unknown {
  if (error instanceof StatementError && REFUSED.has(error.code)) {
    return new DatabaseUnfitError(`PostgreSQL at DATABASE_URL refuses: ${error.message}`);
  }
  if (error instanceof DatabaseAwayError && error.cause instanceof Error) {
    const { code, message, syscall } = error.cause as NodeJS.ErrnoException;
    if (syscall === 'open') {
      return new DatabaseUnfitError(
        `DATABASE_URL names a file in sslrootcert, sslcert or sslkey that cannot be read (${code})`,
      );
    }
    // The driver has no class or code for its own refusals: a missing password, a server without TLS.
    if (TLS.test(code ?? '') || /^SASL:|SSL connections/.test(message)) {
      return new DatabaseUnfitError(`DATABASE_URL cannot be used: ${message}`);
    }
  }
  return error;
}

/**
 * @param url postgres:// or postgresql://, with the options of `pg` (sslmode, for example)
 * @throws DatabaseAwayError when the server cannot be reached, DatabaseUnfitError when it cannot be used
 */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'burnbag',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    types,
  });
  const database = new PostgresDatabase(pool);
  try {
    const [found] = await database.query<{ version: number; encoding: string }>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
    );
    if (!found || found.version < 140_000) {
      throw new DatabaseUnfitError('DATABASE_URL leads to a PostgreSQL older than 14: use 14 or newer');
    }
    if (found.encoding !== 'UTF8') {
      throw new DatabaseUnfitError(
        `The database of DATABASE_URL is in ${found.encoding}: create one in UTF8`,
      );
    }
    return database;
  } catch (error) {
    await database.close();
    throw unfit(error);
  }
}
