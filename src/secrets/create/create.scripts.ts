import { defineScript, type ScriptReply } from '../../redis/script/define-script.js';
import { integerIn, resultOf, tagOf } from '../../redis/script/script-reply.js';
import type { CreateResult } from '../record/secret-store.types.js';

const RESULTS: Readonly<Record<string, CreateResult>> = {
  OK: { kind: 'ok' },
  EXISTS: { kind: 'exists' },
  BACKLOG: { kind: 'backlog' },
  NO_UPLOAD: { kind: 'no-upload' },
  RETIRED: { kind: 'key-retired' },
};

const ARGS = {
  origin: 'text',
  record: 'text',
  ttlMs: 'number',
  facts: 'text',
  outboxMax: 'number',
  keyId: 'number',
  madeAt: 'number?',
  apartMs: 'number',
} as const;

function parse(reply: ScriptReply): CreateResult {
  return tagOf(reply) === 'CLOCK' ? { kind: 'clock', now: integerIn(reply[1]) } : resultOf(reply, RESULTS);
}

export const createSecretScript = defineScript(import.meta.url, 'create-secret', {
  keys: ['record', 'outbox', 'retired'],
  args: ARGS,
  gated: true,
  durable: true,
  parse,
});

export const createFilesScript = defineScript(import.meta.url, 'create-files', {
  keys: ['record', 'outbox', 'upload', 'index', 'retired'],
  args: ARGS,
  gated: true,
  durable: true,
  parse,
});
