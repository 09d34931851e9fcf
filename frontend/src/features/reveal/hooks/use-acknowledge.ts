import { useEffect, useEffectEvent, useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import { problemOf } from '../../../lib/api/problem';
import { claims } from '../api/claim-store';
import { acknowledgeSecret } from '../api/reveal-secret';

/** Milliseconds before each attempt. When all have failed, the end of the lease purges the copy anyway. */
const TRIES = [0, 1_000, 3_000, 6_000, 12_000, 20_000];
const MAY_PASS = new Set(['network', 'store_unavailable', 'rate_limited', 'proxy_answer', 'unexpected']);

/** `confirmed`: the server has purged its copy. `late`: it did not answer; the lease ends by itself. */
export type Acknowledged = 'pending' | 'confirmed' | 'late';

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });

/**
 * Acknowledges to the server.
 * @param ready whether the reader has the content: before that the lease runs @param onConfirmed called once
 */
export function useAcknowledge(id: string, ready: boolean, onConfirmed: () => void): Acknowledged {
  const api = useApi();
  const [state, setState] = useState<Acknowledged>('pending');

  const confirmed = useEffectEvent(onConfirmed);

  useEffect(() => {
    const claim = claims.held(id);
    if (!ready || !claim) return;
    const stop = new AbortController();
    const run = async () => {
      for (const delay of TRIES) {
        await wait(delay, stop.signal);
        if (stop.signal.aborted) return;
        try {
          await acknowledgeSecret(api, id, claim);
        } catch (error) {
          if (MAY_PASS.has(problemOf(error).code)) continue;
        }
        // Any other answer means that the copy is gone already.
        claims.drop(id);
        if (!stop.signal.aborted) {
          setState('confirmed');
          confirmed();
        }
        return;
      }
      setState('late');
    };
    void run();
    return () => stop.abort();
  }, [api, id, ready]);

  return state;
}
