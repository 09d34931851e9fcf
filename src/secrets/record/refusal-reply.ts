import type { EndReason } from '@burnbag/contract';

import type { ScriptReply } from '../../redis/script/define-script.js';
import { integerIn, tagOf, textIn, unknownTag } from '../../redis/script/script-reply.js';
import { FLAG_SEALED } from './secret-record.js';
import type { Refusal } from './secret-store.types.js';

function reasonIn(part: ScriptReply[number] | undefined): EndReason {
  const reason = textIn(part);
  if (reason === 'viewed' || reason === 'burned' || reason === 'expired') return reason;
  throw new TypeError(`unknown end of a secret: ${reason}`);
}

function guardOf(reply: ScriptReply): { sealed: boolean } {
  return { sealed: (integerIn(reply[1]) & FLAG_SEALED) !== 0 };
}

/** Reads why a script of a secret did not do what was asked. @throws TypeError */
export function refusalIn(reply: ScriptReply): Refusal {
  const tag = tagOf(reply);
  switch (tag) {
    case 'GONE':
      return { kind: 'gone', reason: reasonIn(reply[1]), at: integerIn(reply[2]) };
    case 'MISSING':
      return { kind: 'missing' };
    case 'DAMAGED':
      return { kind: 'damaged' };
    case 'UNKNOWN_KEY':
      return { kind: 'unknown-key' };
    case 'CLAIM':
      return { kind: 'claim-required' };
    case 'SIGN_IN':
      return { kind: 'sign-in-required' };
    case 'NOT_RECIPIENT':
      return { kind: 'not-recipient' };
    case 'LOCKED':
      return { kind: 'locked', until: integerIn(reply[1]) };
    case 'REQUIRED':
      return { kind: 'guard-required', ...guardOf(reply) };
    case 'WRONG': {
      const left = integerIn(reply[2]);
      return { kind: 'guard-wrong', ...guardOf(reply), attemptsLeft: left < 0 ? undefined : left };
    }
    default:
      throw unknownTag(tag);
  }
}
