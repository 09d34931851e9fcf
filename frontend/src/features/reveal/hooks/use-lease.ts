import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { type Problem, problemOf } from '../../../lib/api/problem';
import type { OpenedFiles } from '../reveal.model';

/** Milliseconds between two renewals: a third of what is left, so that two of them may fail, within these bounds. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Answers after which there is no lease to renew. */
const ENDED = new Set<Problem['code']>(['lease_ended', 'secret_gone', 'secret_not_found']);

const delayUntilRenewal = (leftMs: number): number => Math.min(LONGEST_MS, Math.max(SHORTEST_MS, leftMs / 3));

interface LeaseNeeds {
  /** Milliseconds since 1970 of the last received bytes. Sent bytes may still be in a proxy. */
  movedAt: number | undefined;
  /** The page asks the reader a question whose answer may need the server's copy. */
  asking: boolean;
  /** The reader has ended it. */
  over: boolean;
}

/** The lease of this reader. Renewed while bytes arrive or the page asks; otherwise it ends. */
export function useLease({ leaseEndsAt, renew }: OpenedFiles, { movedAt, asking, over }: LeaseNeeds) {
  const [endsAt, setEndsAt] = useState(leaseEndsAt);
  const [state, setState] = useState<'running' | 'renewing' | 'failed' | 'ended'>('running');
  const renewedAt = useRef(0);
  const isNeeded = useEffectEvent(() => asking || (movedAt ?? 0) > renewedAt.current);
  const left = useEffectEvent(() => (endsAt ?? 0) - Date.now());

  /** @returns the problem when it was not renewed */
  const tryRenew = async (): Promise<Problem | undefined> => {
    const askedAt = Date.now();
    try {
      const end = await renew();
      renewedAt.current = askedAt;
      setEndsAt((known) => Math.max(known ?? 0, end ?? 0));
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      if (ENDED.has(problem.code)) setState('ended');
      return problem;
    }
  };
  // A failed automatic renewal is retried before the end; the clock tells the reader if none succeeds.
  const renewQuietly = useEffectEvent(tryRenew);

  const isRunning = leaseEndsAt !== undefined && state !== 'ended' && !over;
  useEffect(() => {
    if (!isRunning) return;
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const plan = () => {
      if (stopped) return;
      timer = setTimeout(() => void run(), delayUntilRenewal(left()));
    };
    const run = async () => {
      if (isNeeded()) await renewQuietly();
      plan();
    };
    plan();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [isRunning]);

  const extend = async () => {
    setState('renewing');
    const problem = await tryRenew();
    setState((now) => (now === 'ended' ? now : problem ? 'failed' : 'running'));
  };
  return {
    endsAt,
    extend,
    renewing: state === 'renewing',
    failed: state === 'failed',
    ended: state === 'ended',
  };
}
