/** Runs the calls of one writer in order, until it ends. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();
  private ended = false;

  /**
   * @param failed called once when a call fails, before its error is thrown; returns the error to throw
   * @param onEnd called once, after the last call
   */
  constructor(
    private readonly failed: (error: unknown) => Promise<unknown>,
    private readonly onEnd: () => void | Promise<void>,
  ) {}

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.tail.then(async () => {
      if (this.ended) throw new Error('this writer has ended');
      try {
        return await work();
      } catch (error) {
        throw await this.failed(error).finally(() => this.end());
      }
    });
    // The caller gets the failure; the next call in the queue only waits for the end.
    this.tail = done.catch(() => undefined);
    return done;
  }

  /** The last call of a writer: does nothing when it has ended. */
  runLast(work: () => Promise<void>): Promise<void> {
    const done = this.tail.then(() => (this.ended ? undefined : work().finally(() => this.end())));
    this.tail = done.catch(() => undefined);
    return done;
  }

  async end(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.onEnd();
  }
}
