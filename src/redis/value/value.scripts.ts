import { defineScript } from '../script/define-script.js';
import { noReply, textIn } from '../script/script-reply.js';

/** Answers the id of the place that the store is bound to: that of the first caller. */
export const bindOnceScript = defineScript(import.meta.url, 'bind-once', {
  keys: ['binding'],
  args: { id: 'text' },
  parse: ([id]) => textIn(id),
});

export const readValueScript = defineScript(import.meta.url, 'read-value', {
  keys: ['value'],
  args: {},
  parse: ([value]): Buffer | undefined => (Buffer.isBuffer(value) ? value : undefined),
});

export const keepValueScript = defineScript(import.meta.url, 'keep-value', {
  keys: ['value'],
  args: { value: 'text' },
  parse: noReply,
});
