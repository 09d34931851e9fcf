import { defineScript } from '../../redis/script/define-script.js';
import { integerIn, tagOf } from '../../redis/script/script-reply.js';
import { refusalIn } from '../record/refusal-reply.js';
import type { UnlockResult } from '../record/secret-store.types.js';

export const unlockSecretScript = defineScript(import.meta.url, 'unlock-secret', {
  keys: ['record', 'tombstone', 'outbox'],
  args: { origin: 'text' },
  gated: true,
  parse: (reply): UnlockResult =>
    tagOf(reply) === 'OK' ? { kind: 'ok', changed: integerIn(reply[1]) === 1 } : refusalIn(reply),
});
