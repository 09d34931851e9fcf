import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import { type Problem, problemOf } from '../../../lib/api/problem';
import { loadSeal } from '../../../lib/seal/load-seal';
import { claims } from '../api/claim-store';
import { burnSecret } from '../api/reveal-secret';
import { fetchStatus, type SecretStatus } from '../api/secret-status';
import { credentialsOf, openSecret, UndecryptableError } from '../open-secret';
import type { Act } from '../reveal.model';
import { troubleOf } from '../trouble';

const LOOKING: Act = { step: 'looking' };

/** A wrong passphrase is said beside its field; everything else has a page. */
function actAfter(error: unknown, status: SecretStatus, again: 'open' | 'destroy'): Act {
  if (error instanceof UndecryptableError) {
    return { step: 'trouble', trouble: { kind: 'undecryptable', file: error.file }, again };
  }
  const problem: Problem = problemOf(error);
  const refused =
    problem.code === 'passphrase_wrong' ||
    problem.code === 'passphrase_required' ||
    (problem.code === 'proof_wrong' && status.passphraseRequired);
  if (refused) {
    const attemptsLeft = 'attemptsLeft' in problem ? problem.attemptsLeft : undefined;
    return { step: 'looking', refused: attemptsLeft === undefined ? {} : { attemptsLeft } };
  }
  return { step: 'trouble', trouble: troubleOf(problem, Date.now()), again };
}

/**
 * The life of a reveal page. Loading it asks for the status and nothing else; the text never enters a cache.
 * @param linkKey undefined when the address holds none, or not a whole one
 */
export function useReveal(id: string, linkKey: Uint8Array | undefined) {
  const api = useApi();
  const [act, setAct] = useState<Act>(LOOKING);
  const passphrase = useRef<string>(undefined);
  const look = useQuery({
    queryKey: ['secret-status', id],
    queryFn: ({ signal }) => fetchStatus(api, id, signal),
    gcTime: 0,
  });
  const status = look.data;

  useEffect(() => {
    // Early, so that a click opens at once; when it fails, the click tries again.
    if (status?.sealed) loadSeal().catch(() => undefined);
  }, [status?.sealed]);

  const lookAgain = () => {
    setAct(LOOKING);
    return look.refetch();
  };

  const settle = async (next: Act) => {
    const locksNow = next.step === 'looking' && next.refused?.attemptsLeft === 0;
    if (locksNow) await look.refetch();
    setAct(next);
  };

  const key = () => ({ id, linkKey, passphrase: passphrase.current });

  const open = async (typed?: string) => {
    if (!status) return;
    if (typed !== undefined) passphrase.current = typed;
    setAct({ step: 'opening' });
    try {
      const progress = (done: number) => setAct({ step: 'opening', progress: done });
      const opened = await openSecret(api, status, key(), status.passphraseRequired ? progress : undefined);
      passphrase.current = undefined;
      setAct({ step: 'open', opened });
    } catch (error) {
      await settle(actAfter(error, status, 'open'));
    }
  };

  const destroy = async (typed?: string) => {
    if (!status) return;
    if (typed !== undefined) passphrase.current = typed;
    setAct({ step: 'destroying' });
    try {
      await burnSecret(api, id, await credentialsOf(status, key()));
      passphrase.current = undefined;
      claims.drop(id);
      setAct({ step: 'destroyed' });
    } catch (error) {
      await settle(actAfter(error, status, 'destroy'));
    }
  };

  /** Takes the text off the page, and with it the last copy that this browser shows. */
  const clear = () =>
    setAct((now) => {
      if (now.step !== 'open') return now;
      const { text: _text, ...ash } = now.opened;
      return { step: 'cleared', ash };
    });

  const retry = () => {
    if (act.step !== 'trouble' || act.again === 'look') return lookAgain();
    return act.again === 'open' ? open() : destroy();
  };

  return {
    act,
    status,
    lookError: look.error,
    looking: look.isFetching,
    open,
    destroy,
    clear,
    retry,
    lookAgain,
  };
}
