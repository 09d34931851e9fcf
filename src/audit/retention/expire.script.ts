import { defineScript } from '../../redis/script/define-script.js';
import { tagOf } from '../../redis/script/script-reply.js';

/** Whether the end was recorded. */
export const expireSecretScript = defineScript(import.meta.url, 'expire-secret', {
  keys: ['record', 'tombstone', 'outbox'],
  args: { origin: 'text', expiredAt: 'number', tombstoneMs: 'number' },
  parse: (reply): boolean => tagOf(reply) === 'OK',
});
