/** Thrown inside a transfer that the reader has cancelled. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** Why a transfer has stopped: the reader paused it, or the connection broke. */
export type Standstill = 'paused' | 'waiting';

/** Pauses, continues and cancels one transfer. */
export class TransferControl {
  private attempt = new AbortController();
  private gone = false;
  private resumed = Promise.withResolvers<void>();
  private isPaused = false;

  /** @param onStandstill called with the reason when it stops, and with undefined when it continues */
  constructor(private readonly onStandstill: (why: Standstill | undefined) => void = () => undefined) {}

  get cancelled(): boolean {
    return this.gone;
  }

  get paused(): boolean {
    return this.isPaused;
  }

  /** Ends the current request; the next one needs a new signal. */
  get signal(): AbortSignal {
    return this.attempt.signal;
  }

  pause(): void {
    if (this.isPaused || this.gone) return;
    this.isPaused = true;
    this.resumed = Promise.withResolvers();
    this.attempt.abort();
    this.onStandstill('paused');
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.onStandstill(undefined);
    this.resumed.resolve();
  }

  cancel(): void {
    this.gone = true;
    this.attempt.abort();
    this.resumed.resolve();
  }

  /** Resolves at once unless it is paused. @throws CancelledError */
  async ready(): Promise<void> {
    while (this.isPaused && !this.gone) await this.resumed.promise;
    if (this.gone) throw new CancelledError();
    if (this.attempt.signal.aborted) this.attempt = new AbortController();
  }

  /** Called when bytes arrive after a standstill. */
  moves(): void {
    if (!this.isPaused) this.onStandstill(undefined);
  }

  /** Waits before the next try; ends early when the browser is online again, is paused or cancelled. */
  async wait(ms: number): Promise<void> {
    if (this.isPaused || this.gone) return;
    this.onStandstill('waiting');
    const { signal } = this;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const stop = () => resolve();
    globalThis.addEventListener?.('online', stop, { once: true });
    signal.addEventListener('abort', stop, { once: true });
    await promise;
    clearTimeout(timer);
    globalThis.removeEventListener?.('online', stop);
    signal.removeEventListener('abort', stop);
  }
}
