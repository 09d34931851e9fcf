import { defineScript } from '../../redis/script/define-script.js';
import { bytesIn, integerIn, tagOf } from '../../redis/script/script-reply.js';
import { refusalIn } from '../record/refusal-reply.js';
import type { Refusal } from '../record/secret-store.types.js';

type LookReply =
  | {
      readonly kind: 'ok';
      readonly head: Buffer;
      readonly envelopeBytes: number;
      readonly openedAt: number | undefined;
      readonly now: number;
    }
  | Refusal;

export const lookSecretScript = defineScript(import.meta.url, 'look-secret', {
  keys: ['record', 'tombstone'],
  args: {},
  gated: true,
  parse: (reply): LookReply =>
    tagOf(reply) === 'OK'
      ? {
          kind: 'ok',
          head: bytesIn(reply[1]),
          envelopeBytes: integerIn(reply[2]),
          openedAt: integerIn(reply[3]) || undefined,
          now: integerIn(reply[4]),
        }
      : refusalIn(reply),
});
