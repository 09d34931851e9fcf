import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { messages, PGlite } from '@electric-sql/pglite';

import { DataDirError } from '../platform/data-dir/data-dir.errors.js';
import { DataDirLock } from '../platform/data-dir/data-dir.lock.js';
import {
  makeDataDir,
  makePrivateFolder,
  makeSocketFolder,
  removeSocketFolder,
} from '../platform/data-dir/private-folder.js';
import {
  DatabaseAwayError,
  DatabaseUnfitError,
  StatementError,
  type Database,
  type Row,
  type SqlValue,
  type Transaction,
} from './database.port.js';
import { serveQueries } from './thread/database-ipc.js';
import { DurableNodeFS, syncTree } from './durable-node.fs.js';
import { decodeNumber, encodeParam, OID } from './sql-values.js';

/**
 * PGlite's own start parameters, but with fsync (DurableNodeFS has no fdatasync) and an eighth of the
 * buffers. A batch of events fits into wal_buffers, so that its log leaves in few writes; new log files are
 * not filled with zeros first.
 */
const SETTINGS = [
  'fsync=on',
  'wal_sync_method=fsync',
  'shared_buffers=16MB',
  'wal_buffers=4MB',
  'wal_init_zero=off',
];
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];

const keep = (value: unknown): string => String(value);

const PARSERS = {
  [OID.int8]: decodeNumber,
  [OID.numeric]: decodeNumber,
  [OID.bytea]: (text: string) => Buffer.from(text.slice(2), 'hex'),
  [OID.date]: keep,
  [OID.timestamp]: keep,
};

/** Folder of the embedded database in a DATA_DIR. */
export interface PglitePaths {
  readonly dataDir: string;
  /** Private (0700); PostgreSQL's folder is inside, since initdb needs an empty one. */
  readonly folder: string;
  readonly socketDir: string;
  readonly lockSocket: string;
  readonly clusterDir: string;
}

/** Creates DATA_DIR/pg. @throws DataDirError when it has another owner */
export function preparePgliteFolder(dataDir: string): PglitePaths {
  const real = makeDataDir(dataDir);
  const folder = join(real, 'pg');
  makePrivateFolder(folder);
  const socketDir = makeSocketFolder(folder);
  return {
    dataDir: real,
    folder,
    socketDir,
    lockSocket: join(socketDir, 'burnbag.lock'),
    clusterDir: join(folder, 'data'),
  };
}

/** An error that is not from the server means that PGlite has crashed, which only a new one can fix. */
function translate(error: unknown): unknown {
  if (error instanceof RangeError) return error;
  if (error instanceof messages.DatabaseError && error.severity !== 'PANIC' && error.severity !== 'FATAL') {
    return new StatementError(error.message, error.code ?? '');
  }
  return new DatabaseAwayError(`the embedded database failed: ${String(error)}`, { cause: error });
}

class PgliteDatabase implements Database {
  readonly kind = 'pglite';
  private closing: Promise<void> | undefined;

  constructor(
    private readonly engine: PGlite,
    private readonly release: () => Promise<void>,
    private readonly onBroken: (error: Error) => void,
  ) {}

  query<R extends Row>(sql: string, params: readonly SqlValue[] = []): Promise<R[]> {
    return this.ask<R>(this.engine, sql, params);
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.closing) return Promise.reject(new DatabaseAwayError('the database is closed'));
    return this.engine.transaction((inner) =>
      work({
        query: (sql, params = []) => this.ask(inner, sql, params),
        copy: (into, rows) => this.copy(inner, into, rows),
      }),
    );
  }

  close(): Promise<void> {
    this.closing ??= this.engine.close().finally(this.release);
    return this.closing;
  }

  private async ask<R extends Row>(
    engine: Pick<PGlite, 'query'>,
    sql: string,
    params: readonly SqlValue[],
  ): Promise<R[]> {
    if (this.closing) throw new DatabaseAwayError('the database is closed');
    try {
      // The parameters are PostgreSQL's text form already: nothing is left to serialize.
      const { rows } = await engine.query<R>(sql, params.map(encodeParam));
      return rows;
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** PGlite exposes a blob as a file. */
  private async copy(engine: Pick<PGlite, 'query'>, into: string, rows: Buffer): Promise<void> {
    const blob = new Blob([new Uint8Array(rows)]);
    try {
      await engine.query(`COPY ${into} FROM '/dev/blob' WITH (FORMAT binary)`, [], { blob });
    } catch (error) {
      throw this.failure(error);
    }
  }

  private failure(error: unknown): unknown {
    const translated = translate(error);
    if (translated instanceof DatabaseAwayError) this.onBroken(translated);
    return translated;
  }
}

async function startEngine(clusterDir: string): Promise<PGlite> {
  const isNew = !existsSync(join(clusterDir, 'PG_VERSION'));
  const engine = await PGlite.create({
    fs: new DurableNodeFS(clusterDir),
    startParams: START_PARAMS,
    parsers: PARSERS,
    serializers: { [OID.bytea]: keep },
  });
  // The files of initdb were never synced, and no later checkpoint includes them.
  if (isNew) syncTree(clusterDir);
  return engine;
}

/**
 * PostgreSQL compiled to WebAssembly, inside this process, on DATA_DIR/pg; while it runs, it answers
 * read-only queries of other processes (see database-ipc.ts).
 * @param onBroken called when the engine failed and must be opened again
 * @throws DatabaseUnfitError when the folder is not ours or cannot be opened, DataDirError when a process
 * uses it
 */
export async function openPglite(dataDir: string, onBroken: (error: Error) => void): Promise<Database> {
  const paths = preparePgliteFolder(dataDir);
  let opened: (database: Database) => void = () => undefined;
  const database = new Promise<Database>((resolve) => {
    opened = resolve;
  });
  const lock = await DataDirLock.acquire(paths.lockSocket, paths.dataDir, (socket) =>
    serveQueries(socket, database),
  );
  const release = async (): Promise<void> => {
    await lock.release();
    removeSocketFolder(paths.folder, paths.socketDir);
  };
  try {
    const engine = await startEngine(paths.clusterDir);
    const pglite = new PgliteDatabase(engine, release, onBroken);
    opened(pglite);
    return pglite;
  } catch (error) {
    await release();
    if (error instanceof DataDirError) throw error;
    throw new DatabaseUnfitError(
      `The embedded database in ${paths.folder} cannot be opened: ${String(error)}`,
      {
        cause: error,
      },
    );
  }
}
