import type { EndReason, SecretStatus } from '@burnbag/contract';

import { mayPass, type Problem } from '../../lib/api/problem';

/** Why the envelope is not open, each with a page of its own. `at` and `until` are ISO 8601 or milliseconds. */
export type Trouble =
  | { kind: 'signIn' | 'notYou' }
  | {
      kind:
        | 'cutOff'
        | 'wrongLink'
        | 'notFound'
        | 'offline'
        | 'outdated'
        | 'unavailable'
        | 'damaged'
        | 'filesDamaged';
    }
  | { kind: EndReason | 'claimed'; at?: string }
  | { kind: 'locked' | 'busy'; until: number }
  | { kind: 'undecryptable'; file: string }
  | { kind: 'unexpected'; requestId?: string };

/** Used when the server does not say when it can be asked again. */
const SHORT_WAIT_MS = 30_000;

/** What a refused request means to the reader. @param now milliseconds since 1970 */
export function troubleOf(problem: Problem, now: number): Trouble {
  switch (problem.code) {
    case 'network':
      return { kind: 'offline' };
    case 'app_outdated':
      return { kind: 'outdated' };
    case 'secret_not_found':
    case 'route_not_found':
    case 'receipt_invalid':
      return { kind: 'notFound' };
    case 'sign_in_required':
      return { kind: 'signIn' };
    case 'not_recipient':
      return { kind: 'notYou' };
    case 'secret_gone':
      return { kind: problem.reason, ...(problem.at ? { at: problem.at } : {}) };
    case 'secret_locked':
      return { kind: 'locked', until: problem.retryAt ? Date.parse(problem.retryAt) : now + SHORT_WAIT_MS };
    case 'rate_limited':
      return { kind: 'busy', until: now + problem.retryAfterSeconds * 1_000 };
    case 'store_unavailable':
    case 'passphrase_busy':
      return { kind: 'unavailable' };
    case 'record_damaged':
    case 'key_unavailable':
      return { kind: 'damaged' };
    case 'proof_wrong':
      return { kind: 'wrongLink' };
    case 'validation_failed':
      return { kind: 'cutOff' };
    case 'proxy_answer':
      return { kind: mayPass(problem) ? 'unavailable' : 'unexpected' };
    case 'unexpected':
      return { kind: 'unexpected', ...(problem.requestId ? { requestId: problem.requestId } : {}) };
    default:
      return { kind: 'unexpected' };
  }
}

interface Held {
  /** Whether the address holds a whole key after its #. */
  linkKey: boolean;
  /** Whether this tab has asked for the secret before. */
  claim: boolean;
}

/** What stands in the way although the secret is there; undefined when the envelope can be shown. */
export function obstacle(status: SecretStatus, held: Held, now: number): Trouble | undefined {
  if (status.sealed && !held.linkKey) return { kind: 'cutOff' };
  if (status.state === 'locked') {
    return { kind: 'locked', until: status.retryAt ? Date.parse(status.retryAt) : now + SHORT_WAIT_MS };
  }
  if (status.state === 'claimed' && !held.claim) {
    return { kind: 'claimed', ...(status.openedAt ? { at: status.openedAt } : {}) };
  }
  return undefined;
}
