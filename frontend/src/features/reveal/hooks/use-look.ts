import type { SecretStatus } from '@burnbag/contract';
import { useEffect, useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import type { ApiClient } from '../../../lib/api/client';
import { type Problem, problemOf } from '../../../lib/api/problem';
import { claims } from '../api/claim-store';
import { fetchStatus } from '../api/secret-status';

/** Result of the last status request. A failure drops the status before. */
interface Seen {
  status?: SecretStatus;
  problem?: Problem;
  /** Milliseconds since 1970. */
  at: number;
  looking: boolean;
}

async function lookOnce(api: ApiClient, id: string, signal?: AbortSignal): Promise<Seen> {
  try {
    const status = await fetchStatus(api, id, { claim: claims.held(id), signal });
    return { status, at: Date.now(), looking: false };
  } catch (error) {
    return { problem: problemOf(error), at: Date.now(), looking: false };
  }
}

/** Reads the status once, without changing it, and again on demand. Nothing of this is cached. */
export function useLook(id: string) {
  const api = useApi();
  const [seen, setSeen] = useState<Seen>({ at: 0, looking: true });

  useEffect(() => {
    const stop = new AbortController();
    const look = async () => {
      const next = await lookOnce(api, id, stop.signal);
      if (!stop.signal.aborted) setSeen(next);
    };
    void look();
    return () => stop.abort();
  }, [api, id]);

  const again = async () => {
    setSeen((before) => ({ ...before, looking: true }));
    setSeen(await lookOnce(api, id));
  };
  return { ...seen, again };
}
