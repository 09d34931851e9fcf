import type { SecretStatus } from '@burnbag/contract';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import { type Problem, problemOf } from '../../../lib/api/problem';
import { loadSeal } from '../../../lib/seal/load-seal';
import { claims } from '../api/claim-store';
import { burnSecret } from '../api/reveal-secret';
import {
  credentialsOf,
  type Key,
  ManifestDamagedError,
  openSecret,
  UndecryptableError,
} from '../open-secret';
import { loadFilesPage } from '../load-files-page';
import { type Act, ashOf } from '../reveal.model';
import { obstacle, type Trouble, troubleOf } from '../trouble';
import { useLook } from './use-look';

const LOOKING: Act = { step: 'looking' };

/** Whether the passphrase was refused, and the attempts left; undefined for every other problem. */
function refusalOf(problem: Problem, status: SecretStatus): { attemptsLeft?: number } | undefined {
  if (problem.code === 'passphrase_required') return {};
  const wrong =
    problem.code === 'passphrase_wrong' || (problem.code === 'proof_wrong' && status.passphraseRequired);
  if (!wrong || !('attemptsLeft' in problem)) return wrong ? {} : undefined;
  return problem.attemptsLeft === undefined ? {} : { attemptsLeft: problem.attemptsLeft };
}

function reasonOf(error: unknown, now: number): Trouble {
  if (error instanceof UndecryptableError) return { kind: 'undecryptable', file: error.file };
  if (error instanceof ManifestDamagedError) return { kind: 'filesDamaged' };
  return troubleOf(problemOf(error), now);
}

/**
 * The state of a reveal page. Loading it reads the status only; the text is never cached.
 * @param linkKey undefined when the URL has none, or an incomplete one
 */
export function useReveal(id: string, linkKey: Uint8Array | undefined) {
  const api = useApi();
  const [act, setAct] = useState<Act>(LOOKING);
  const passphrase = useRef<string>(undefined);
  const look = useLook(id);
  const { status, problem, at } = look;

  useEffect(() => {
    // Early, so that a click opens at once; after a failure, the click tries again.
    if (status?.sealed) loadSeal().catch(() => undefined);
    if (status?.kind === 'files') loadFilesPage().catch(() => undefined);
  }, [status?.sealed, status?.kind]);

  const lookAgain = async () => {
    setAct(LOOKING);
    await look.again();
  };

  /** Runs work that needs the passphrase and the key, and shows a wrong passphrase beside its field. */
  const attempt = async (
    again: 'open' | 'destroy',
    typed: string | undefined,
    go: (key: Key) => Promise<Act>,
  ) => {
    if (!status) return;
    if (typed !== undefined) passphrase.current = typed;
    try {
      setAct(await go({ id, linkKey, passphrase: passphrase.current }));
      passphrase.current = undefined;
    } catch (error) {
      const refused = refusalOf(problemOf(error), status);
      // The last attempt locks it; only the status has the end of the lock.
      if (refused?.attemptsLeft === 0) await look.again();
      if (refused) setAct({ step: 'looking', refused });
      else setAct({ step: 'trouble', trouble: reasonOf(error, Date.now()), again, linkKey });
    }
  };

  const open = (typed?: string) => {
    setAct({ step: 'opening' });
    return attempt('open', typed, async (key) => {
      const progress = (done: number) => setAct({ step: 'opening', progress: done });
      const known = status as SecretStatus;
      return {
        step: 'open',
        opened: await openSecret(api, known, key, known.passphraseRequired ? progress : undefined),
      };
    });
  };

  const destroy = (typed?: string) => {
    setAct({ step: 'destroying' });
    return attempt('destroy', typed, async (key) => {
      await burnSecret(api, id, await credentialsOf(status as SecretStatus, key));
      claims.drop(id);
      return { step: 'destroyed' };
    });
  };

  /** Removes the opened content from the page, the last copy that this browser shows. */
  const clear = () =>
    setAct((now) => (now.step === 'open' ? { step: 'cleared', ash: ashOf(now.opened) } : now));

  /**
   * The page is left. What is not acknowledged yet can be opened again when it comes back, while the lease
   * runs.
   */
  const leave = () =>
    setAct((now) => {
      if (now.step !== 'open') return now;
      return claims.held(id) !== undefined ? LOOKING : { step: 'cleared', ash: ashOf(now.opened) };
    });

  // Another key in the URL, such as the whole link pasted over the broken one, starts over.
  const current = act.step === 'trouble' && act.linkKey !== linkKey ? LOOKING : act;
  const held = { linkKey: Boolean(linkKey), claim: Boolean(claims.held(id)) };
  const blocked = problem ? troubleOf(problem, at) : status && obstacle(status, held, at);
  const retry = () => (act.step === 'trouble' && act.again === 'destroy' ? destroy() : open());

  return {
    act: current,
    status,
    blocked,
    looking: look.looking,
    open,
    destroy,
    clear,
    leave,
    retry,
    lookAgain,
  };
}
