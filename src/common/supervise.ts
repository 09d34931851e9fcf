import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds. */
interface RestartDelays {
  /** Before the first restart; each further one waits twice as long. */
  readonly first: number;
  readonly most: number;
  /** Uptime after which the next delay is `first` again. */
  readonly stable: number;
}

const DELAYS: RestartDelays = { first: 100, most: 5_000, stable: 30_000 };

/** One run of a process or a thread. */
export interface Run<Reason> {
  /** Resolves when it ends. */
  readonly ended: Promise<Reason>;
}

interface Supervised<Reason> {
  /** The run that is up already. */
  readonly first: Run<Reason>;
  /** Ends the supervision; ending the run is left to the caller. */
  readonly signal: AbortSignal;
  /** Called when a run has ended, unless the supervision has. */
  onEnd(reason: Reason): void;
  /** Starts the next run. @returns undefined when that failed, which is tried again after the next delay */
  restart(): Promise<Run<Reason> | undefined>;
}

/** Restarts what ends, with growing delays. Resolves when `signal` is aborted and the current run has ended. */
export async function supervise<Reason>(
  { first, signal, onEnd, restart }: Supervised<Reason>,
  delays = DELAYS,
): Promise<void> {
  let run: Run<Reason> | undefined = first;
  let pause = delays.first;
  for (;;) {
    if (run) {
      const since = Date.now();
      const reason = await run.ended;
      if (signal.aborted) return;
      onEnd(reason);
      if (Date.now() - since > delays.stable) pause = delays.first;
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    pause = Math.min(pause * 2, delays.most);
    run = await restart();
  }
}
