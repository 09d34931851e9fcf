import { defineScript } from '../../redis/script/define-script.js';
import { tagOf } from '../../redis/script/script-reply.js';

/** Whether an event was recorded. */
export const rejectRecipientScript = defineScript(import.meta.url, 'reject-recipient', {
  keys: ['record', 'outbox'],
  args: { origin: 'text', reader: 'text' },
  gated: true,
  parse: (reply): boolean => tagOf(reply) === 'OK',
});
