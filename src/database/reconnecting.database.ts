import { setTimeout as delay } from 'node:timers/promises';

import {
  DatabaseAwayError,
  DatabaseUnfitError,
  type Database,
  type Row,
  type SqlValue,
  type Transaction,
} from './database.port.js';

const RETRY_MS = { first: 250, most: 5_000 };

export interface ReconnectingOptions {
  readonly kind: Database['kind'];
  /** Opens and migrates; called until it succeeds once. */
  readonly open: () => Promise<Database>;
  /** Called on each change. `reason` says why it is unavailable. */
  readonly onChange: (up: boolean, reason?: Error) => void;
}

/**
 * A database that may be unavailable: then every call rejects with DatabaseAwayError at once, while this one
 * keeps trying in the background.
 */
export class ReconnectingDatabase implements Database {
  readonly kind: Database['kind'];
  private database: Database | undefined;
  private isUp = false;
  private readonly closing = new AbortController();
  private trying: Promise<void> | undefined;
  /** The last reported state, so that each change is reported once. */
  private unfitness: string | undefined;

  constructor(private readonly options: ReconnectingOptions) {
    this.kind = options.kind;
  }

  get up(): boolean {
    return this.isUp;
  }

  /**
   * Resolves after the first attempt, whether it succeeded or found the database unavailable.
   * @throws DatabaseUnfitError when it cannot be used; then there is no further attempt
   */
  async start(): Promise<void> {
    try {
      this.database = await this.options.open();
      this.isUp = true;
    } catch (error) {
      if (!(error instanceof DatabaseAwayError)) throw error;
      this.lose(error, true);
    }
  }

  query<R extends Row>(sql: string, params?: readonly SqlValue[]): Promise<R[]> {
    return this.watched((database) => database.query<R>(sql, params));
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.watched((database) => database.transaction(work));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.trying;
    await this.database?.close();
  }

  private async watched<T>(use: (database: Database) => Promise<T>): Promise<T> {
    if (!this.database || !this.isUp) throw new DatabaseAwayError('the database is away');
    try {
      return await use(this.database);
    } catch (error) {
      if (error instanceof DatabaseAwayError) this.lose(error);
      throw error;
    }
  }

  private lose(reason: Error, isFirst = false): void {
    if ((!this.isUp && !isFirst) || this.closing.signal.aborted) return;
    this.isUp = false;
    this.options.onChange(false, reason);
    this.trying ??= this.regain();
  }

  private async regain(): Promise<void> {
    const { signal } = this.closing;
    let pause = RETRY_MS.first;
    while (!(await this.attempt())) {
      await delay(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      pause = Math.min(pause * 2, RETRY_MS.most);
    }
    // Before it is up: a failure from now on must find that no attempt is running.
    this.trying = undefined;
    this.unfitness = undefined;
    this.isUp = true;
    this.options.onChange(true);
  }

  private async attempt(): Promise<boolean> {
    try {
      if (this.database) await this.database.query('SELECT 1');
      else this.database = await this.options.open();
      return true;
    } catch (error) {
      if (error instanceof DatabaseAwayError) return false;
      // It was reachable and cannot be used: an operator must act, while the attempts continue.
      const reason = error instanceof Error ? error : new DatabaseUnfitError(String(error));
      if (reason.message !== this.unfitness) this.options.onChange(false, reason);
      this.unfitness = reason.message;
      return false;
    }
  }
}
