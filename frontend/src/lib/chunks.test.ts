import { describe, expect, it, jest } from '@jest/globals';
import { ApiError } from './api/problem';
import { type ChunkHost, createChunkLoader, RELOAD_PAUSE_MS } from './chunks';

const missing = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));

function loader(change: Partial<ChunkHost> = {}) {
  const reload = jest.fn();
  const host: ChunkHost = {
    serverAnswers: async () => true,
    holdsUnsaved: () => false,
    sinceReload: () => undefined,
    reload,
    ...change,
  };
  return { load: createChunkLoader(host), reload };
}

/** @returns `pending` when the promise has not settled after every queued task */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  const idle = new Promise((resolve) => setTimeout(resolve, 20, 'pending'));
  return Promise.race([promise, idle]).catch((error: unknown) =>
    error instanceof ApiError ? error.problem.code : error,
  );
}

describe('a part of the app that is loaded on demand', () => {
  it('is returned when it loads, without another request', async () => {
    const serverAnswers = jest.fn(async () => true);
    const { load } = loader({ serverAnswers });
    expect(await load(async () => 'code')).toBe('code');
    expect(serverAnswers).not.toHaveBeenCalled();
  });

  it('reloads the page when the server answers but no longer has it', async () => {
    const { load, reload } = loader();
    expect(await outcome(load(missing))).toBe('pending');
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('waits, too, when another part has begun the reload, which ends the question to the server', async () => {
    const answers = [true, false];
    const { load, reload } = loader({ serverAnswers: async () => answers.shift() ?? false });
    expect(await outcome(load(missing))).toBe('pending');
    expect(await outcome(load(missing))).toBe('pending');
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('counts as a broken connection when the server does not answer, and the page stays', async () => {
    const { load, reload } = loader({ serverAnswers: async () => false });
    expect(await outcome(load(missing))).toBe('network');
    expect(reload).not.toHaveBeenCalled();
  });

  it('never reloads a page with unsaved content', async () => {
    const { load, reload } = loader({ holdsUnsaved: () => true });
    expect(await outcome(load(missing))).toBe('app_outdated');
    expect(reload).not.toHaveBeenCalled();
  });

  it('does not reload in a loop', async () => {
    const fresh = loader({ sinceReload: () => RELOAD_PAUSE_MS - 1 });
    expect(await outcome(fresh.load(missing))).toBe('app_outdated');
    expect(fresh.reload).not.toHaveBeenCalled();
    const old = loader({ sinceReload: () => RELOAD_PAUSE_MS });
    expect(await outcome(old.load(missing))).toBe('pending');
    expect(old.reload).toHaveBeenCalledTimes(1);
  });
});
