import { ApiError, mayPass, type Problem, problemOf } from '../../../lib/api/problem';

/** Delays between attempts, in milliseconds; the last one repeats. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** The user cancelled it. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

export interface SteadyEvents {
  onWorking(): void;
  onPaused(): void;
  /** @param at milliseconds since the epoch of the automatic retry */
  onWaiting(problem: Problem, at: number): void;
  /** It continues on demand only. */
  onStuck(problem: Problem): void;
}

/** Action after a failure: retry automatically, on demand, or not at all. */
function verdictOf(problem: Problem): 'wait' | 'stuck' | 'refused' {
  switch (problem.code) {
    case 'network':
    case 'store_unavailable':
    case 'passphrase_busy':
    case 'rate_limited':
    case 'too_many_uploads':
    case 'upload_too_slow':
    case 'upload_not_found':
    case 'upload_incomplete':
    case 'upload_conflict':
    case 'upload_locked':
      return 'wait';
    case 'storage_full':
    case 'upload_share_full':
    case 'key_unavailable':
    case 'sign_in_required':
      return 'stuck';
    case 'proxy_answer':
      // The proxy's operator can change its limit, and the upload continues then.
      return mayPass(problem) ? 'wait' : 'stuck';
    case 'unexpected':
      if (problem.status === 408) return 'wait';
      return problem.status >= 500 ? 'stuck' : 'refused';
    default:
      return 'refused';
  }
}

/** Retries work until it is done, with growing delays; it can be paused, hurried and cancelled. */
export class RetryingTask {
  private attempt = new AbortController();
  private paused = false;
  private cancelled = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly events: SteadyEvents,
    private readonly now: () => number,
  ) {}

  pause(): void {
    this.paused = true;
    this.attempt.abort();
    this.wake();
  }

  /** Continues after a pause, or at once instead of waiting. */
  resume(): void {
    this.paused = false;
    this.wake();
  }

  cancel(): void {
    this.cancelled = true;
    this.attempt.abort();
    this.wake();
  }

  /**
   * @param work starts over or continues; `gotOn` reports progress beyond the attempt before
   * @throws CancelledError, and errors that a retry would not change
   */
  async run<T>(work: (signal: AbortSignal, gotOn: () => void) => Promise<T>): Promise<T> {
    for (let failures = 0; ;) {
      await this.whilePaused();
      this.attempt = new AbortController();
      this.events.onWorking();
      try {
        return await work(this.attempt.signal, () => (failures = 0));
      } catch (error) {
        if (this.cancelled) throw new CancelledError('given up');
        if (this.attempt.signal.aborted) continue;
        if (!(error instanceof ApiError)) throw error;
        failures += 1;
        await this.afterFailure(error, failures);
      }
    }
  }

  private async afterFailure(error: ApiError, failures: number): Promise<void> {
    const problem = problemOf(error);
    const verdict = verdictOf(problem);
    if (verdict === 'refused') throw error;
    if (verdict === 'stuck') {
      this.events.onStuck(problem);
      return this.rest();
    }
    const growing = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] ?? 0;
    const asked = 'retryAfterSeconds' in problem ? (problem.retryAfterSeconds ?? 0) * 1_000 : 0;
    const wait = Math.max(growing, asked);
    this.events.onWaiting(problem, this.now() + wait);
    // When the network is back the delay ends, unless the server asked for it.
    return this.rest(wait, problem.code === 'network');
  }

  private async whilePaused(): Promise<void> {
    while (this.paused && !this.cancelled) {
      this.events.onPaused();
      await this.rest();
    }
    if (this.cancelled) throw new CancelledError('given up');
  }

  /** Until the time is over, or it is woken. @param ms no limit when left out */
  private rest(ms?: number, untilOnline = false): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.wake(), ms);
      this.wake = () => {
        clearTimeout(timer);
        removeEventListener('online', this.wake);
        this.wake = () => undefined;
        resolve();
      };
      if (untilOnline) addEventListener('online', this.wake);
    });
  }
}
