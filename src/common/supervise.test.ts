import { describe, expect, it } from '@jest/globals';

import { supervise, type Run } from './supervise.js';

const DELAYS = { first: 10, most: 40, stable: 60_000 };

class FakeRun implements Run<string> {
  private settle: (reason: string) => void = () => undefined;
  readonly ended = new Promise<string>((resolve) => (this.settle = resolve));

  end(reason: string): void {
    this.settle(reason);
  }
}

/** Restarts as `outcomes` say; aborts after the last. @returns the reasons that were reported, and the delays between restarts */
async function restarts(outcomes: readonly ('runs' | 'fails')[], delays = DELAYS) {
  const stopping = new AbortController();
  const reasons: string[] = [];
  const waits: number[] = [];
  const first = new FakeRun();
  let since = performance.now();
  const ended = supervise<string>(
    {
      first,
      signal: stopping.signal,
      onEnd: (reason) => reasons.push(reason),
      restart: () => {
        waits.push(performance.now() - since);
        const outcome = outcomes[waits.length - 1];
        if (waits.length === outcomes.length) stopping.abort();
        since = performance.now();
        if (outcome === 'fails') return Promise.resolve(undefined);
        const run = new FakeRun();
        run.end(`run ${waits.length} ended`);
        return Promise.resolve(run);
      },
    },
    delays,
  );
  first.end('the first ended');
  await ended;
  return { reasons, waits };
}

describe('a supervised run', () => {
  it('is restarted each time that it ends, and each end is reported with its reason', async () => {
    const { reasons, waits } = await restarts(['runs', 'runs', 'runs']);
    expect(waits).toHaveLength(3);
    expect(reasons).toEqual(['the first ended', 'run 1 ended', 'run 2 ended']);
  });

  it('is restarted again when the restart failed', async () => {
    const { reasons, waits } = await restarts(['fails', 'fails', 'runs']);
    expect(waits).toHaveLength(3);
    expect(reasons).toEqual(['the first ended']);
  });

  it('waits twice as long each time, up to the limit', async () => {
    const { waits } = await restarts(['runs', 'runs', 'runs', 'runs']);
    // A timer of Node may fire a millisecond early.
    for (const [n, least] of [10, 20, 40, 40].entries()) expect(waits[n]).toBeGreaterThan(least - 2);
  });

  it('waits no longer than at first after a long run', async () => {
    const { waits } = await restarts(Array<'runs'>(12).fill('runs'), {
      first: 10,
      most: 100_000,
      stable: -1,
    });
    expect(waits).toHaveLength(12);
    // 41 s if each delay were twice the one before.
    expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
  });

  it('is not reported when it ends after the stop', async () => {
    const stopping = new AbortController();
    const first = new FakeRun();
    const reasons: string[] = [];
    const ended = supervise<string>({
      first,
      signal: stopping.signal,
      onEnd: (reason) => reasons.push(reason),
      restart: () => Promise.reject(new Error('restarted after the stop')),
    });
    stopping.abort();
    first.end('stopped');
    await ended;
    expect(reasons).toEqual([]);
  });
});
