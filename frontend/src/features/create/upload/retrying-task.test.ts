import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError, type Problem } from '../../../lib/api/problem';
import { CancelledError, RetryingTask } from './retrying-task';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Work that fails with these problems in turn, then succeeds. */
function steady(...problems: (Problem | Error)[]) {
  const log: string[] = [];
  const work = new RetryingTask(
    {
      onWorking: () => log.push('working'),
      onPaused: () => log.push('paused'),
      onWaiting: ({ code }, at) => log.push(`${code} ${(at - Date.now()) / 1_000}`),
      onStuck: ({ code }) => log.push(`stuck ${code}`),
    },
    Date.now,
  );
  const run = work.run(async () => {
    const next = problems.shift();
    if (next) throw next instanceof Error ? next : new ApiError(next);
    return 'done';
  });
  run.catch(() => undefined);
  return { log, work, run };
}
const settle = () => jest.advanceTimersByTimeAsync(0);
const network: Problem = { code: 'network' };

describe('work that fails', () => {
  it('is retried after delays that grow up to half a minute', async () => {
    const { log, run } = steady(...Array.from({ length: 8 }, () => network));
    await jest.advanceTimersByTimeAsync(200_000);
    expect(await run).toBe('done');
    expect(log.filter((line) => line !== 'working')).toEqual(
      [1, 2, 4, 8, 15, 30, 30, 30].map((seconds) => `network ${seconds}`),
    );
  });

  it('waits as long as the server asks for', async () => {
    const { log, run } = steady({ code: 'rate_limited', retryAfterSeconds: 77 });
    await jest.advanceTimersByTimeAsync(76_000);
    expect(log).toEqual(['working', 'rate_limited 77']);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await run).toBe('done');
  });

  it('continues at once when the network is back, and on demand', async () => {
    const { work, run } = steady(network, network, network);
    await settle();
    dispatchEvent(new Event('online'));
    await settle();
    work.resume();
    await settle();
    dispatchEvent(new Event('online'));
    await settle();
    expect(await run).toBe('done');
  });

  it('waits as the server asked although the network is back', async () => {
    const { log } = steady({ code: 'rate_limited', retryAfterSeconds: 5 });
    await settle();
    dispatchEvent(new Event('online'));
    await settle();
    expect(log).toEqual(['working', 'rate_limited 5']);
  });

  it('waits for a person when a retry would not help', async () => {
    const { log, work, run } = steady({ code: 'storage_full' }, { code: 'unexpected', status: 500 });
    await jest.advanceTimersByTimeAsync(600_000);
    expect(log).toEqual(['working', 'stuck storage_full']);
    work.resume();
    await settle();
    work.resume();
    await settle();
    expect(await run).toBe('done');
  });

  it.each<Problem | Error>([
    { code: 'file_too_large' },
    { code: 'validation_failed', errors: [] },
    { code: 'unexpected', status: 400 },
    new TypeError('a mistake'),
  ])('ends with an error that no retry would change: %j', async (problem) => {
    await expect(steady(problem).run).rejects.toThrow(problem instanceof Error ? 'a mistake' : problem.code);
  });
});

describe('work under way', () => {
  /** Work that ends only when its attempt is cancelled. */
  function endless() {
    const log: string[] = [];
    const note = (line: string) => () => log.push(line);
    const work = new RetryingTask(
      {
        onWorking: note('working'),
        onPaused: note('paused'),
        onWaiting: note('waiting'),
        onStuck: note('stuck'),
      },
      Date.now,
    );
    const run = work.run(
      (signal) =>
        new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    );
    run.catch(() => undefined);
    return { log, work, run };
  }

  it('stops when it is paused, and continues, also if both come at once', async () => {
    const { log, work } = endless();
    await settle();
    work.pause();
    await settle();
    work.resume();
    await settle();
    expect(log).toEqual(['working', 'paused', 'working']);
    work.pause();
    work.resume();
    await settle();
    expect(log).toEqual(['working', 'paused', 'working', 'working']);
  });

  it.each([
    ['while it works', () => undefined],
    ['in a pause', (work: RetryingTask) => work.pause()],
  ])('ends when it is cancelled %s', async (_when, before) => {
    const { work, run } = endless();
    await settle();
    before(work);
    await settle();
    work.cancel();
    await expect(run).rejects.toThrow(CancelledError);
  });

  it('ends when it is cancelled while it waits', async () => {
    const { work, run } = steady(network);
    await settle();
    work.cancel();
    await expect(run).rejects.toThrow(CancelledError);
  });
});
