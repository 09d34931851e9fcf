/** Messages between the main thread and the database thread; everything is structured-cloned. */
import { DatabaseAwayError, DatabaseUnfitError, StatementError } from '../database.port.js';
import type { DatabaseTarget } from '../open-database.js';
import type { Log } from './thread-task.js';

export interface ThreadData {
  readonly target: DatabaseTarget;
}

/** Expects one answer with the same `id`. */
export type ThreadRequest = { readonly id: number } & (
  | { readonly kind: 'query'; readonly sql: string; readonly params: readonly (string | null)[] }
  | { readonly kind: 'run'; readonly task: number; readonly module: string; readonly settings: unknown }
  | { readonly kind: 'ask'; readonly task: number; readonly message: unknown }
  | { readonly kind: 'end'; readonly task: number }
  | { readonly kind: 'stop' }
);

export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly code: string;
}

export type ThreadMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: ThrownError }
  /** The first attempt to open the database is over; a refusal of `error` is final. */
  | { readonly kind: 'started'; readonly up: boolean; readonly error?: ThrownError }
  | { readonly kind: 'up'; readonly up: boolean }
  | { readonly kind: 'report'; readonly task: number; readonly value: unknown }
  | { readonly kind: 'log'; readonly line: Parameters<Log> };

export function packError(error: unknown): ThrownError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: '' };
  return {
    name: error.name,
    message: error.message,
    code: error instanceof StatementError ? error.code : '',
  };
}

/** An error of the other thread, as one of our classes if it was one. */
export function unpackError({ name, message, code }: ThrownError): Error {
  if (name === 'DatabaseAwayError') return new DatabaseAwayError(message);
  if (name === 'DatabaseUnfitError') return new DatabaseUnfitError(message);
  if (name === 'StatementError') return new StatementError(message, code);
  const error = new Error(message);
  error.name = name;
  return error;
}

/** Cloning turns a Buffer into a Uint8Array. */
export function restoreBuffers<R>(rows: readonly Readonly<Record<string, unknown>>[]): R[] {
  return rows.map((row) => {
    for (const [name, value] of Object.entries(row)) {
      if (value instanceof Uint8Array) {
        (row as Record<string, unknown>)[name] = Buffer.from(value.buffer, value.byteOffset, value.length);
      }
    }
    return row as R;
  });
}
