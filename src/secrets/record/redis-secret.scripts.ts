import type { EndReason } from '@burnbag/contract';

import type { ScriptDefinition, ScriptReply } from '../../redis/script/script.js';
import { FLAG_SEALED } from './secret-record.js';
import type {
  AcknowledgeResult,
  BurnResult,
  RenewResult,
  CreateResult,
  Refusal,
  UnlockResult,
} from './secret-store.port.js';

/** A view as the script returns it: the record without its claims. */
export type ClaimReply =
  | {
      readonly kind: 'ok';
      readonly record: Buffer;
      readonly viewsLeft: number;
      readonly leaseEnd: number | undefined;
      readonly retried: boolean;
    }
  | Refusal;
export type LookReply =
  | {
      readonly kind: 'ok';
      readonly head: Buffer;
      readonly envelopeBytes: number;
      readonly openedAt: number | undefined;
      readonly now: number;
    }
  | Refusal;

function bytes(value: Buffer | number | undefined): Buffer {
  if (!Buffer.isBuffer(value)) throw new TypeError('a script answered a number where bytes were expected');
  return value;
}

function integer(value: Buffer | number | undefined): number {
  if (typeof value !== 'number') throw new TypeError('a script answered bytes where a number was expected');
  return value;
}

function tagOf(reply: ScriptReply): string {
  return bytes(reply[0]).toString('latin1');
}

function reasonOf(value: Buffer | number | undefined): EndReason {
  const reason = bytes(value).toString('latin1');
  if (reason === 'viewed' || reason === 'burned' || reason === 'expired') return reason;
  throw new TypeError(`unknown end of a secret: ${reason}`);
}

function guardOf(reply: ScriptReply): { sealed: boolean } {
  return { sealed: (integer(reply[1]) & FLAG_SEALED) !== 0 };
}

function refusal(reply: ScriptReply): Refusal {
  const tag = tagOf(reply);
  switch (tag) {
    case 'GONE':
      return { kind: 'gone', reason: reasonOf(reply[1]), at: integer(reply[2]) };
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
      return { kind: 'locked', until: integer(reply[1]) };
    case 'REQUIRED':
      return { kind: 'guard-required', ...guardOf(reply) };
    case 'WRONG': {
      const left = integer(reply[2]);
      return { kind: 'guard-wrong', ...guardOf(reply), attemptsLeft: left < 0 ? undefined : left };
    }
    default:
      throw new TypeError(`a script answered with an unknown tag: ${tag}`);
  }
}

const CREATED: Readonly<Record<string, Exclude<CreateResult['kind'], 'clock'>>> = {
  OK: 'ok',
  BACKLOG: 'backlog',
  NO_UPLOAD: 'no-upload',
  RETIRED: 'key-retired',
};

export const createScript: ScriptDefinition<CreateResult> = {
  name: 'create-secret',
  from: new URL('../create/', import.meta.url).href,
  gated: true,
  durable: true,
  keys: 3,
  parse: (reply) =>
    tagOf(reply) === 'CLOCK'
      ? { kind: 'clock', now: integer(reply[1]) }
      : { kind: CREATED[tagOf(reply)] ?? 'exists' },
};

export const createFilesScript: ScriptDefinition<CreateResult> = {
  ...createScript,
  name: 'create-files',
  from: new URL('../create/', import.meta.url).href,
  keys: 5,
};

export const claimScript: ScriptDefinition<ClaimReply> = {
  name: 'claim-secret',
  from: new URL('../claim/', import.meta.url).href,
  gated: true,
  durable: true,
  keys: 3,
  parse: (reply) =>
    tagOf(reply) === 'OK'
      ? {
          kind: 'ok',
          record: bytes(reply[1]),
          viewsLeft: integer(reply[2]),
          leaseEnd: integer(reply[3]) || undefined,
          retried: integer(reply[4]) === 1,
        }
      : refusal(reply),
};

export const renewScript: ScriptDefinition<RenewResult> = {
  name: 'renew-lease',
  from: new URL('../claim/', import.meta.url).href,
  gated: true,
  keys: 2,
  parse: (reply) => {
    const tag = tagOf(reply);
    if (tag === 'OK') return { kind: 'ok', leaseEnd: integer(reply[1]) };
    return tag === 'NONE' ? { kind: 'none' } : refusal(reply);
  },
};

export const acknowledgeScript: ScriptDefinition<AcknowledgeResult> = {
  name: 'acknowledge-secret',
  from: new URL('../acknowledge/', import.meta.url).href,
  gated: true,
  durable: true,
  keys: 3,
  parse: (reply) => {
    const tag = tagOf(reply);
    if (tag === 'OK') return { kind: 'ok', purged: integer(reply[1]) === 1 };
    return tag === 'NONE' ? { kind: 'none' } : refusal(reply);
  },
};

export const burnScript: ScriptDefinition<BurnResult> = {
  name: 'burn-secret',
  from: new URL('../burn/', import.meta.url).href,
  gated: true,
  durable: true,
  keys: 3,
  parse: (reply) => (tagOf(reply) === 'OK' ? { kind: 'ok' } : refusal(reply)),
};

export const unlockScript: ScriptDefinition<UnlockResult> = {
  name: 'unlock-secret',
  from: new URL('../unlock/', import.meta.url).href,
  gated: true,
  keys: 3,
  parse: (reply) =>
    tagOf(reply) === 'OK' ? { kind: 'ok', changed: integer(reply[1]) === 1 } : refusal(reply),
};

export const lookScript: ScriptDefinition<LookReply> = {
  name: 'look-secret',
  from: new URL('../status/', import.meta.url).href,
  gated: true,
  keys: 2,
  parse: (reply) =>
    tagOf(reply) === 'OK'
      ? {
          kind: 'ok',
          head: bytes(reply[1]),
          envelopeBytes: integer(reply[2]),
          openedAt: integer(reply[3]) || undefined,
          now: integer(reply[4]),
        }
      : refusal(reply),
};

/** Whether an event was recorded. */
export const turnAwayScript: ScriptDefinition<boolean> = {
  name: 'reject-recipient',
  from: new URL('../recipients/', import.meta.url).href,
  gated: true,
  keys: 2,
  parse: (reply) => tagOf(reply) === 'OK',
};
