import type { Database } from '../database.port.js';

export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

interface ThreadTaskContext {
  /**
   * Migrated before its first answer. While it cannot be reached, every call rejects with DatabaseAwayError
   * at once.
   */
  readonly database: Database;
  /** Passed to the `onReport` of the task's owner; structured-cloned. */
  readonly report: (value: unknown) => void;
  /** Written by the main thread; `fields` are structured-cloned. */
  readonly log: Log;
}

export interface RunningTask {
  /** Stops the work; the database is still open. */
  stop(): Promise<void>;
  /** Answers TaskHandle.ask; structured-cloned both ways. */
  handle?(message: unknown): Promise<unknown>;
}

/** The default export of a module that the database thread can run. An uncaught error ends the thread. */
export interface ThreadTask<Settings> {
  /** Called at once, whether the database is available or not; again after each restart of the thread. */
  start(context: ThreadTaskContext, settings: Settings): Promise<RunningTask>;
}
