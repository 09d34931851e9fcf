import { TOKEN_SCOPES, type TokenScope } from '@burnbag/contract';

import { defineScript, type ScriptReply } from '../../../redis/script/define-script.js';
import { integerIn, tagOf, textIn, unknownTag } from '../../../redis/script/script-reply.js';
import type { ApiToken, TokenCursor } from '../token-store.types.js';

/** A token as returned by scripts: its id is in the key. */
export type StoredToken = Omit<ApiToken, 'id'>;
type UseReply =
  | { readonly kind: 'ok'; readonly token: StoredToken }
  | { readonly kind: 'expired'; readonly at: number }
  | { readonly kind: 'missing' };

function isScope(word: string): word is TokenScope {
  return TOKEN_SCOPES.some((scope) => scope === word);
}

function storedToken(reply: ScriptReply): StoredToken {
  const [, name, owner, scopes, created, expires, used] = reply;
  return {
    name: textIn(name),
    owner: textIn(owner),
    // A scope that this version does not know grants nothing.
    scopes: textIn(scopes).split(',').filter(isScope),
    createdAt: integerIn(created),
    expiresAt: integerIn(expires),
    lastUsedAt: integerIn(used) || undefined,
  };
}

function useReply(reply: ScriptReply): UseReply {
  const tag = tagOf(reply);
  if (tag === 'OK') return { kind: 'ok', token: storedToken(reply) };
  if (tag === 'EXPIRED') return { kind: 'expired', at: integerIn(reply[1]) };
  if (tag === 'MISSING') return { kind: 'missing' };
  throw unknownTag(tag);
}

/** Times of creation and expiry; undefined when the id is taken. */
export const createTokenScript = defineScript(import.meta.url, 'create-token', {
  keys: ['record', 'all', 'owner'],
  args: {
    id: 'text',
    hash: 'text',
    name: 'text',
    owner: 'text',
    scopes: 'text',
    ttlMs: 'number',
    afterMs: 'number',
  },
  parse: (reply): { createdAt: number; expiresAt: number } | undefined =>
    tagOf(reply) === 'OK' ? { createdAt: integerIn(reply[1]), expiresAt: integerIn(reply[2]) } : undefined,
});

export const useTokenScript = defineScript(import.meta.url, 'use-token', {
  keys: ['record'],
  args: { hash: 'text', betweenMs: 'number' },
  parse: useReply,
});

export const readTokenScript = defineScript(import.meta.url, 'read-token', {
  keys: ['record'],
  args: {},
  parse: (reply): StoredToken | undefined => (tagOf(reply) === 'OK' ? storedToken(reply) : undefined),
});

export const listTokensScript = defineScript(import.meta.url, 'list-tokens', {
  keys: ['list'],
  args: { count: 'number', seenAt: 'text?', seenId: 'text?' },
  parse: (reply): TokenCursor[] =>
    Array.from({ length: reply.length / 2 }, (_, at) => ({
      id: textIn(reply[2 * at]),
      createdAt: integerIn(reply[2 * at + 1]),
    })),
});

/** Whether the entry was removed from the list. */
export const forgetTokenScript = defineScript(import.meta.url, 'forget-token', {
  keys: ['record', 'list'],
  args: { id: 'text' },
  parse: (reply): boolean => tagOf(reply) === 'OK',
});

export const revokeTokenScript = defineScript(import.meta.url, 'revoke-token', {
  keys: ['record', 'all', 'owner'],
  args: { id: 'text', owner: 'text' },
  parse: (reply): boolean => tagOf(reply) === 'OK',
});
