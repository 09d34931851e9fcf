import { defineScript } from '../../redis/script/define-script.js';
import { integerIn, tagOf } from '../../redis/script/script-reply.js';
import { refusalIn } from '../record/refusal-reply.js';
import type { AcknowledgeResult } from '../record/secret-store.types.js';

export const acknowledgeSecretScript = defineScript(import.meta.url, 'acknowledge-secret', {
  keys: ['record', 'tombstone', 'outbox'],
  args: { origin: 'text', claim: 'text' },
  gated: true,
  durable: true,
  parse: (reply): AcknowledgeResult => {
    const tag = tagOf(reply);
    if (tag === 'OK') return { kind: 'ok', purged: integerIn(reply[1]) === 1 };
    return tag === 'NONE' ? { kind: 'none' } : refusalIn(reply);
  },
});
