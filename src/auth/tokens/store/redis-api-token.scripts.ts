import { TOKEN_SCOPES, type TokenScope } from '@burnbag/contract';

import type { ScriptDefinition, ScriptReply } from '../../../redis/script/script.js';
import type { ApiToken, TokenMark } from '../token-store.port.js';

/** A token as returned by scripts: its id is in the key. */
export type StoredToken = Omit<ApiToken, 'id'>;
type UseReply =
  | { readonly kind: 'ok'; readonly token: StoredToken }
  | { readonly kind: 'expired'; readonly at: number }
  | { readonly kind: 'missing' };

function text(value: ScriptReply[number] | undefined): string {
  if (!Buffer.isBuffer(value)) throw new TypeError('a script answered a number where text was expected');
  return value.toString('utf8');
}

function integer(value: ScriptReply[number] | undefined): number {
  if (typeof value !== 'number') throw new TypeError('a script answered bytes where a number was expected');
  return value;
}

function isScope(word: string): word is TokenScope {
  return TOKEN_SCOPES.some((scope) => scope === word);
}

function storedToken(reply: ScriptReply): StoredToken {
  const [, name, owner, scopes, created, expires, used] = reply;
  return {
    name: text(name),
    owner: text(owner),
    // A scope that this version does not know grants nothing.
    scopes: text(scopes).split(',').filter(isScope),
    createdAt: integer(created),
    expiresAt: integer(expires),
    lastUsedAt: integer(used) || undefined,
  };
}

function useReply(reply: ScriptReply): UseReply {
  const tag = text(reply[0]);
  if (tag === 'OK') return { kind: 'ok', token: storedToken(reply) };
  if (tag === 'EXPIRED') return { kind: 'expired', at: integer(reply[1]) };
  if (tag === 'MISSING') return { kind: 'missing' };
  throw new TypeError(`a script answered with an unknown tag: ${tag}`);
}

/** Times of creation and expiry; undefined when the id is taken. */
export const createTokenScript: ScriptDefinition<{ createdAt: number; expiresAt: number } | undefined> = {
  name: 'create-token',
  from: import.meta.url,
  keys: 3,
  parse: (reply) =>
    text(reply[0]) === 'OK' ? { createdAt: integer(reply[1]), expiresAt: integer(reply[2]) } : undefined,
};

export const useTokenScript: ScriptDefinition<UseReply> = {
  name: 'use-token',
  from: import.meta.url,
  keys: 1,
  parse: useReply,
};

export const readTokenScript: ScriptDefinition<StoredToken | undefined> = {
  name: 'read-token',
  from: import.meta.url,
  keys: 1,
  parse: (reply) => (text(reply[0]) === 'OK' ? storedToken(reply) : undefined),
};

export const listTokensScript: ScriptDefinition<TokenMark[]> = {
  name: 'list-tokens',
  from: import.meta.url,
  keys: 1,
  parse: (reply) =>
    Array.from({ length: reply.length / 2 }, (_, at) => ({
      id: text(reply[2 * at]),
      createdAt: integer(reply[2 * at + 1]),
    })),
};

/** Whether the entry was removed from the list. */
export const forgetTokenScript: ScriptDefinition<boolean> = {
  name: 'forget-token',
  from: import.meta.url,
  keys: 2,
  parse: (reply) => text(reply[0]) === 'OK',
};

export const revokeTokenScript: ScriptDefinition<boolean> = {
  name: 'revoke-token',
  from: import.meta.url,
  keys: 3,
  parse: (reply) => text(reply[0]) === 'OK',
};
