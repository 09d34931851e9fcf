import { defineScript } from '../../redis/script/define-script.js';
import { tagOf } from '../../redis/script/script-reply.js';
import { refusalIn } from '../record/refusal-reply.js';
import type { BurnResult } from '../record/secret-store.types.js';

export const burnSecretScript = defineScript(import.meta.url, 'burn-secret', {
  keys: ['record', 'tombstone', 'outbox'],
  args: {
    origin: 'text',
    verifier: 'text?',
    authority: 'text?',
    attemptsMax: 'number',
    lockMs: 'number',
    tombstoneMs: 'number',
    reader: 'text?',
  },
  gated: true,
  durable: true,
  parse: (reply): BurnResult => (tagOf(reply) === 'OK' ? { kind: 'ok' } : refusalIn(reply)),
});
