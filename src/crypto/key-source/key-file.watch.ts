import { stat } from 'node:fs/promises';

import { requireKeyFile } from '../keyring/keyring.loader.js';

const POLL_MS = 1_000;

export interface KeyFileWatchOptions {
  readonly path: string;
  /** The text of the file that is in use. */
  readonly current: string;
  /**
   * Applies the current text of the file.
   * @param sinceMs age of the text
   * @returns false to be offered it again at the next poll @throws to be offered it again; the error is
   * reported
   */
  readonly offer: (spec: string, sinceMs: number) => Promise<boolean>;
  /** Reports a problem with the file. Called at each poll, so it must remember what it has reported. */
  readonly failed: (error: unknown) => void;
}

/**
 * Notices changes of the key file: polls once a second, since events are lost on network volumes and on the
 * symlinks of Kubernetes. A change counts only when two polls find the same text, so that half an edit is
 * ignored.
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

  /** Resolves when the last poll is over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** One poll; public for tests, which do not wait for seconds. */
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
