/** The worker side: opens the database, answers queries, runs tasks. See database-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';

import type { SqlValue } from '../database.port.js';
import { migrate, nameTrail } from '../migrate.js';
import { openDatabase } from '../open-database.js';
import { ReconnectingDatabase } from '../reconnecting.database.js';
import { packError, type ThreadData, type ThreadMessage, type ThreadRequest } from './thread-messages.js';
import type { Log, RunningTask, ThreadTask } from './thread-task.js';

if (!parentPort) throw new Error('database.worker.js is a worker, not a program');
const port = parentPort;
const { target } = workerData as ThreadData;
const tell = (message: ThreadMessage): void => port.postMessage(message);
const log: Log = (...line) => tell({ kind: 'log', line });

/** A broken engine is replaced with a new thread only: its memory cannot be trusted. */
const onBroken = (error: Error): void => {
  setImmediate(() => {
    throw error;
  });
};

const database = new ReconnectingDatabase({
  kind: 'url' in target ? 'postgres' : 'pglite',
  async open() {
    const opened = await openDatabase(target, { onBroken });
    try {
      await migrate(opened);
      await nameTrail(opened);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  },
  onChange(up, reason) {
    tell({ kind: 'up', up });
    if (up) log('info', 'the database is back');
    else if (reason?.name === 'DatabaseUnfitError')
      log('error', 'the database cannot be used', { reason: reason.message });
    else log('warn', 'the database is away', { reason: reason?.message });
  },
});

const tasks = new Map<number, RunningTask>();

async function run({ task, module, settings }: Extract<ThreadRequest, { kind: 'run' }>): Promise<void> {
  const { default: definition } = (await import(module)) as { default: ThreadTask<unknown> };
  const report = (value: unknown): void => tell({ kind: 'report', task, value });
  tasks.set(task, await definition.start({ database, report, log }, settings));
}

async function end(task: number): Promise<void> {
  const running = tasks.get(task);
  tasks.delete(task);
  await running?.stop();
}

async function stop(): Promise<void> {
  for (const task of tasks.keys()) await end(task);
  await database.close();
}

function perform(request: ThreadRequest): Promise<unknown> {
  switch (request.kind) {
    case 'query':
      return database.query(request.sql, request.params as readonly SqlValue[]);
    case 'run':
      return run(request);
    case 'ask':
      return (
        tasks.get(request.task)?.handle?.(request.message) ??
        Promise.reject(new Error('the task takes no messages'))
      );
    case 'end':
      return end(request.task);
    case 'stop':
      return stop();
  }
}

async function answer(request: ThreadRequest): Promise<void> {
  const { id } = request;
  try {
    tell({ kind: 'answer', id, value: await perform(request) });
  } catch (error) {
    tell({ kind: 'refusal', id, error: packError(error) });
  }
  if (request.kind === 'stop') port.close();
}

port.on('message', (request: ThreadRequest) => void answer(request));

try {
  await database.start();
  tell({ kind: 'started', up: database.up });
} catch (error) {
  tell({ kind: 'started', up: false, error: packError(error) });
}
