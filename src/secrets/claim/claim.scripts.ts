import { defineScript } from '../../redis/script/define-script.js';
import { bytesIn, integerIn, tagOf } from '../../redis/script/script-reply.js';
import { refusalIn } from '../record/refusal-reply.js';
import type { Refusal, RenewResult } from '../record/secret-store.types.js';

/** A view as the script returns it: the record without its claims. */
type ClaimReply =
  | {
      readonly kind: 'ok';
      readonly record: Buffer;
      readonly viewsLeft: number;
      readonly leaseEnd: number | undefined;
      readonly retried: boolean;
    }
  | Refusal;

export const claimSecretScript = defineScript(import.meta.url, 'claim-secret', {
  keys: ['record', 'tombstone', 'outbox'],
  args: {
    origin: 'text',
    verifier: 'text?',
    claim: 'text?',
    keyIds: 'text',
    leaseMs: 'number',
    attemptsMax: 'number',
    lockMs: 'number',
    tombstoneMs: 'number',
    filesLeaseMs: 'number',
    filesMostMs: 'number',
    quiet: 'flag',
    reader: 'text?',
    filesMinRate: 'number',
  },
  gated: true,
  durable: true,
  parse: (reply): ClaimReply =>
    tagOf(reply) === 'OK'
      ? {
          kind: 'ok',
          record: bytesIn(reply[1]),
          viewsLeft: integerIn(reply[2]),
          leaseEnd: integerIn(reply[3]) || undefined,
          retried: integerIn(reply[4]) === 1,
        }
      : refusalIn(reply),
});

export const renewLeaseScript = defineScript(import.meta.url, 'renew-lease', {
  keys: ['record', 'tombstone'],
  args: { claim: 'text', leaseMs: 'number' },
  gated: true,
  parse: (reply): RenewResult => {
    const tag = tagOf(reply);
    if (tag === 'OK') return { kind: 'ok', leaseEnd: integerIn(reply[1]) };
    return tag === 'NONE' ? { kind: 'none' } : refusalIn(reply);
  },
});
