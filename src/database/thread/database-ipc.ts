/**
 * Access to an embedded database that a running Burnbag owns: another process of the same user connects to
 * the lock's socket and sends read-only queries, one JSON object per line; each gets one line back, in order.
 */
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

import {
  DatabaseAwayError,
  StatementError,
  type Database,
  type Row,
  type SqlValue,
  type Transaction,
} from '../database.port.js';
import { encodeParam } from '../sql-values.js';

interface Request {
  readonly sql: string;
  readonly params: readonly (string | null)[];
}
type Answer =
  { readonly rows: readonly Record<string, Cell>[] } | { readonly error: string; readonly code: string };

/** A typed value that JSON does not have. */
type Cell = { readonly plain: unknown } | { readonly date: string } | { readonly bytes: string };

function toCell(value: unknown): Cell {
  if (value instanceof Date) return { date: value.toISOString() };
  if (Buffer.isBuffer(value)) return { bytes: value.toString('base64') };
  return { plain: value };
}

function fromCell(cell: Cell): unknown {
  if ('date' in cell) return new Date(cell.date);
  return 'bytes' in cell ? Buffer.from(cell.bytes, 'base64') : cell.plain;
}

const mapRow = <From, To>(
  row: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, map(value)]));

async function answer(line: string, database: Promise<Database>): Promise<Answer> {
  try {
    const { sql, params } = JSON.parse(line) as Request;
    const rows = await (
      await database
    ).transaction(async (queries) => {
      await queries.query('SET TRANSACTION READ ONLY');
      return queries.query(sql, params);
    });
    return { rows: rows.map((row) => mapRow(row, toCell)) };
  } catch (error) {
    const code = error instanceof StatementError ? error.code : '';
    return { error: error instanceof Error ? error.message : String(error), code };
  }
}

/** Answers one client until it disconnects. */
export function serveQueries(socket: Socket, database: Promise<Database>): void {
  // A lock check only connects and disconnects: it must not keep the process alive.
  socket.unref();
  void answerAll(socket, database);
}

async function answerAll(socket: Socket, database: Promise<Database>): Promise<void> {
  for await (const line of createInterface({ input: socket })) {
    socket.write(`${JSON.stringify(await answer(line, database))}\n`);
  }
}

/** The client side: a database that only answers queries. */
class DoorDatabase implements Database {
  readonly kind = 'pglite';

  constructor(
    private readonly socket: Socket,
    private readonly lines: AsyncIterator<string>,
  ) {}

  private turn: Promise<unknown> = Promise.resolve();

  query<R extends Row>(sql: string, params: readonly SqlValue[] = []): Promise<R[]> {
    const mine = this.turn.then(() => this.ask({ sql, params: params.map(encodeParam) }));
    this.turn = mine.catch(() => undefined);
    return mine as Promise<R[]>;
  }

  transaction<T>(_work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return Promise.reject(
      new StatementError('the running Burnbag answers single read-only queries', '25006'),
    );
  }

  async close(): Promise<void> {
    await this.turn;
    this.socket.destroy();
  }

  private async ask(request: Request): Promise<Row[]> {
    this.socket.write(`${JSON.stringify(request)}\n`);
    const reply = JSON.parse(await this.nextLine()) as Answer;
    if ('error' in reply) throw new StatementError(reply.error, reply.code);
    return reply.rows.map((row) => mapRow(row, fromCell));
  }

  private async nextLine(): Promise<string> {
    const { value, done } = await this.lines.next().catch((error: unknown) => {
      throw new DatabaseAwayError('the running Burnbag disconnected', { cause: error });
    });
    if (done) throw new DatabaseAwayError('the running Burnbag disconnected');
    return value;
  }
}

/** @returns the database behind the lock's socket; undefined when no process answers there */
export async function connectToOwner(lockSocket: string): Promise<Database | undefined> {
  const socket = createConnection(lockSocket);
  // The end of the stream reports every error.
  socket.on('error', () => undefined);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const greeting = await lines.next();
  return greeting.done ? undefined : new DoorDatabase(socket, lines);
}
