import { stat } from 'node:fs/promises';

import { requireKeyFile } from './keyring.loader.js';

const POLL_MS = 1_000;

export interface KeyFileWatchOptions {
  readonly path: string;
  /** What the file says that is in use. */
  readonly current: string;
  /**
   * Takes what the file says now.
   * @param sinceMs for how long it has said so
   * @returns false to be offered it again at the next look @throws to be offered it again; the error is reported
   */
  readonly offer: (spec: string, sinceMs: number) => Promise<boolean>;
  /** Something is wrong with the file. Called at each look, so it has to tell what it has said before. */
  readonly failed: (error: unknown) => void;
}

/**
 * Notices that the key file has changed: by looking once a second, since events are lost on network volumes and on the
 * symlinks of Kubernetes. What it says counts only when two looks find the same, so that no half of an edit is taken.
 */
export class KeyFileWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private taken: string;
  private seen: { readonly spec: string; readonly at: number } | undefined;
  private stamp = '';

  constructor(private readonly options: KeyFileWatchOptions) {
    this.taken = options.current;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look()).catch(this.options.failed);
    }, POLL_MS).unref();
  }

  /** Resolves when the last look is over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** One look; public for tests, which do not wait for seconds. */
  async look(now = performance.now()): Promise<void> {
    const { mtimeMs, size, ino } = await stat(this.options.path);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    if (stamp === this.stamp && !this.seen) return;
    const spec = requireKeyFile(this.options.path);
    this.stamp = stamp;
    if (spec === this.taken) {
      this.seen = undefined;
      return;
    }
    if (this.seen?.spec !== spec) {
      this.seen = { spec, at: now };
      return;
    }
    if (!(await this.options.offer(spec, now - this.seen.at))) return;
    this.taken = spec;
    this.seen = undefined;
  }
}
