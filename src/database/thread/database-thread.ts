import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { supervise } from '../../common/supervise.js';
import { DatabaseAwayError, type Queries, type Row, type SqlValue } from '../database.port.js';
import type { DatabaseTarget } from '../open-database.js';
import { encodeParam } from '../sql-values.js';
import { restoreBuffers, unpackError, type ThreadMessage, type ThreadRequest } from './thread-messages.js';
import type { Log } from './thread-task.js';

/** Milliseconds after which a stopping thread is terminated; PostgreSQL rolls back the open transaction. */
const STOP_MS = 8_000;
/** Of JavaScript's heap (PGlite's memory is outside): a runaway task ends its thread, not the process. */
const HEAP_MB = 512;

export interface DatabaseThreadOptions {
  readonly target: DatabaseTarget;
  readonly log: Log;
  /** @default the compiled database.worker.js beside this file */
  readonly workerUrl?: URL;
}

/** A task that runs in the thread, through its restarts. */
export interface TaskHandle {
  /** The answer of the task's `handle`. @throws DatabaseAwayError while the thread is down */
  ask(message: unknown): Promise<unknown>;
  /** Settings for the next start of the task; the running one keeps its own. */
  restartWith(settings: unknown): void;
  stop(): Promise<void>;
}

interface Task {
  readonly module: string;
  settings: unknown;
  readonly onReport: (value: unknown) => void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type RequestBody = ThreadRequest extends infer R ? (R extends ThreadRequest ? Omit<R, 'id'> : never) : never;

/** The thread that owns the database. If it ends, it is restarted, and its tasks with it. */
export class DatabaseThread implements Queries {
  private worker: Worker | undefined;
  private isUp = false;
  private lastId = 0;
  private readonly pending = new Map<number, Pending>();
  private readonly tasks = new Map<number, Task>();
  private readonly stopping = new AbortController();
  private supervision: Promise<void> = Promise.resolve();

  private constructor(private readonly options: DatabaseThreadOptions) {}

  /**
   * Resolves when the tables are up to date, or when the database is unavailable: then the thread keeps
   * trying.
   * @throws DatabaseUnfitError when the database cannot be used
   */
  static async start(options: DatabaseThreadOptions): Promise<DatabaseThread> {
    const thread = new DatabaseThread(options);
    const first = thread.launch();
    await first.started;
    thread.supervision = thread.supervise(first.ended);
    return thread;
  }

  /** Whether the database answered last time. */
  get up(): boolean {
    return this.isUp;
  }

  async query<R extends Row>(sql: string, params: readonly SqlValue[] = []): Promise<R[]> {
    if (!this.isUp) throw new DatabaseAwayError('the database is away');
    const rows = await this.request({ kind: 'query', sql, params: params.map(encodeParam) });
    return restoreBuffers<R>(rows as Row[]);
  }

  /**
   * Runs a task in the thread, see ThreadTask; the database may be unavailable.
   * @param taskModule compiled module whose default export is the ThreadTask
   * @param settings structured-cloned; a KeyObject may be among them
   * @throws errors of the task's start
   */
  async run<Settings, Report>(
    taskModule: URL,
    settings: Settings,
    onReport: (value: Report) => void,
  ): Promise<TaskHandle> {
    this.lastId += 1;
    const task = this.lastId;
    const definition: Task = {
      module: taskModule.href,
      settings,
      onReport: onReport as (value: unknown) => void,
    };
    this.tasks.set(task, definition);
    try {
      await this.request({ kind: 'run', task, module: definition.module, settings });
    } catch (error) {
      this.tasks.delete(task);
      throw error;
    }
    return {
      ask: (message) => this.request({ kind: 'ask', task, message }),
      restartWith: (later) => {
        definition.settings = later;
      },
      stop: async () => {
        if (!this.tasks.delete(task) || !this.worker) return;
        await this.request({ kind: 'end', task });
      },
    };
  }

  /** Stops the tasks, closes the database and ends the thread. Idempotent. */
  async stop(): Promise<void> {
    if (!this.stopping.signal.aborted) {
      this.stopping.abort();
      this.isUp = false;
      const { worker } = this;
      if (worker) {
        const late = setTimeout(() => void worker.terminate(), STOP_MS);
        await this.request({ kind: 'stop' }).catch((error: unknown) => {
          this.options.log('warn', 'the database did not close cleanly', { reason: String(error) });
        });
        if (this.worker) await once(worker, 'exit');
        clearTimeout(late);
      }
    }
    await this.supervision;
  }

  private request(body: RequestBody): Promise<unknown> {
    const { worker } = this;
    if (!worker) return Promise.reject(new DatabaseAwayError('the database thread is not running'));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      // Throws what cannot be cloned, before anything waits for an answer.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage({ ...body, id });
      this.pending.set(id, { resolve, reject });
    });
  }

  /** `ended` never rejects; it resolves with the reason. */
  private launch(): { started: Promise<void>; ended: Promise<string> } {
    const worker = new Worker(this.options.workerUrl ?? new URL('./database.worker.js', import.meta.url), {
      workerData: { target: this.options.target },
      name: 'database',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      // Not all flags of the main thread are allowed here, and none is needed.
      execArgv: [],
    });
    this.worker = worker;
    let reason = 'it ended by itself';
    let unfit: Error | undefined;
    worker.on('error', (error: unknown) => {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    const ended = new Promise<string>((resolve) => {
      worker.once('exit', () => {
        this.forget();
        resolve(reason);
      });
    });
    const started = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind !== 'started') return this.hear(message);
        this.isUp = message.up;
        if (!message.error) return resolve();
        unfit = unpackError(message.error);
        void worker.terminate();
      });
      // After its exit: a listener may open the database at once.
      worker.once('exit', () =>
        reject(unfit ?? new Error(`the database thread ended at its start: ${reason}`)),
      );
    });
    for (const [task, { module, settings }] of this.tasks) {
      this.request({ kind: 'run', task, module, settings }).catch((error: unknown) => {
        if (this.worker !== worker) return;
        reason = `a task cannot be restarted: ${String(error)}`;
        void worker.terminate();
      });
    }
    return { started, ended };
  }

  private hear(message: Exclude<ThreadMessage, { kind: 'started' }>): void {
    switch (message.kind) {
      case 'log':
        return this.options.log(...message.line);
      case 'up':
        this.isUp = message.up;
        return;
      case 'report':
        return this.tasks.get(message.task)?.onReport(message.value);
      default: {
        const waiting = this.pending.get(message.id);
        this.pending.delete(message.id);
        if (message.kind === 'answer') waiting?.resolve(message.value);
        else waiting?.reject(unpackError(message.error));
      }
    }
  }

  private forget(): void {
    this.worker = undefined;
    this.isUp = false;
    for (const { reject } of this.pending.values())
      reject(new DatabaseAwayError('the database thread ended'));
    this.pending.clear();
  }

  /** Restarts the thread whenever it ends, until stop(). */
  private supervise(first: Promise<string>): Promise<void> {
    const { signal } = this.stopping;
    return supervise({
      first: { ended: first },
      signal,
      onEnd: (reason) => this.options.log('error', 'the database thread ended and is restarted', { reason }),
      restart: () => {
        const { started, ended } = this.launch();
        started.catch((error: unknown) => {
          if (!signal.aborted)
            this.options.log('error', 'the database thread cannot be restarted', { reason: String(error) });
        });
        return Promise.resolve({ ended });
      },
    });
  }
}
