import { ApiError } from './api/problem';
import { isUnsaved } from './unsaved-store';

/** Milliseconds after a reload in which the page does not reload itself again, to prevent a loop. */
export const RELOAD_PAUSE_MS = 60_000;

/** The browser functions that {@link createChunkLoader} needs. */
export interface ChunkHost {
  /** Whether the server answers for the current page. Never rejects. */
  serverAnswers(): Promise<boolean>;
  /** Whether leaving the page would lose unsaved content. */
  holdsUnsaved(): boolean;
  /** Milliseconds since this document was reloaded; undefined when it was not. */
  sinceReload(): number | undefined;
  reload(): void;
}

export type LoadChunk = <T>(load: () => Promise<T>) => Promise<T>;

/** @returns the chunk loader of a browser */
export function createChunkLoader(host: ChunkHost): LoadChunk {
  let isReloading = false;
  return async (load) => {
    try {
      return await load();
    } catch {
      // A reload that another part has begun ends this question, too: that is no broken connection.
      if (!(await host.serverAnswers()) && !isReloading) throw new ApiError({ code: 'network' });
    }
    if (isReloading) return new Promise(() => undefined);
    // The server answers but has no such file: it was upgraded since this page was loaded, so only a reload helps.
    if (host.holdsUnsaved() || (host.sinceReload() ?? Infinity) < RELOAD_PAUSE_MS)
      throw new ApiError({ code: 'app_outdated' });
    isReloading = true;
    host.reload();
    return new Promise(() => undefined);
  };
}

const browser: ChunkHost = {
  async serverAnswers() {
    try {
      const { ok } = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' });
      return ok;
    } catch {
      return false;
    }
  },
  holdsUnsaved: isUnsaved,
  sinceReload() {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return entry?.type === 'reload' ? performance.now() : undefined;
  },
  reload: () => location.reload(),
};

/**
 * Fetches a part of the app that is loaded on demand. When the server has been upgraded since the page was
 * loaded, the page reloads itself (URL and fragment stay) and the promise stays pending.
 * @param load an `import()`; safe to repeat
 * @throws ApiError `network` when the server does not answer; `app_outdated` when only a reload helps but the
 * page holds unsaved content ({@link ./unsaved}) or was reloaded less than a minute ago
 */
export const loadChunk = createChunkLoader(browser);

/** Milliseconds: the longest wait for an idle moment. */
const IDLE_TIMEOUT_MS = 2_000;

/**
 * Prefetches a chunk in an idle moment, so that an upgrade of the server in between does no harm. A failure
 * is reported by the later user of the chunk.
 * @returns cancels it, if it has not begun
 */
export function preloadChunks(...loads: readonly (() => Promise<unknown>)[]): () => void {
  const run = () => {
    for (const load of loads) load().catch(() => undefined);
  };
  if (typeof requestIdleCallback === 'function') {
    const idle = requestIdleCallback(run, { timeout: IDLE_TIMEOUT_MS });
    return () => cancelIdleCallback(idle);
  }
  const timer = setTimeout(run, 200);
  return () => clearTimeout(timer);
}
