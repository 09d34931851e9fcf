import type { Database } from './database.port.js';

export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

export interface ThreadTaskContext {
  /** Migrated before its first answer. While it cannot be reached, every call rejects with DatabaseAwayError at once. */
  readonly database: Database;
  /** To the `onReport` of whoever runs the task; structured-cloned. */
  readonly report: (value: unknown) => void;
  /** Written by the main thread; `fields` are structured-cloned. */
  readonly log: Log;
}

export interface RunningTask {
  /** Ends what is under way; the database is still open. */
  stop(): Promise<void>;
  /** Answers TaskHandle.ask; structured-cloned both ways. */
  handle?(message: unknown): Promise<unknown>;
}

/** The default export of a module that the database thread can run. An error that it lets escape ends the thread. */
export interface ThreadTask<Settings> {
  /** Called at once, be the database there or away; again after each restart of the thread. */
  start(context: ThreadTaskContext, settings: Settings): Promise<RunningTask>;
}
