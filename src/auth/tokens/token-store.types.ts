import type { TokenScope } from '@burnbag/contract';

/** Facts of a token. All times in milliseconds since the Unix epoch, by the clock of the store. */
export interface ApiToken {
  /** 32 hex digits: its public handle. */
  readonly id: string;
  readonly name: string;
  /** The account of the person who made it. */
  readonly owner: string;
  readonly scopes: readonly TokenScope[];
  readonly createdAt: number;
  readonly expiresAt: number;
  /** To the minute; undefined when it was never used. */
  readonly lastUsedAt: number | undefined;
}

export interface NewToken extends Pick<ApiToken, 'name' | 'owner' | 'scopes'> {
  /** 32 bytes, see `tokenHash`. */
  readonly hash: Buffer;
  readonly ttlMs: number;
}

/** End of a page of a list. */
export interface TokenCursor {
  readonly createdAt: number;
  readonly id: string;
}

export interface TokenPage {
  /** The newest first. Tokens that have expired stay listed for a week. */
  readonly tokens: readonly ApiToken[];
  /** Start of the next page; undefined at the end. */
  readonly next: TokenCursor | undefined;
}

export type TokenUse =
  | { readonly kind: 'ok'; readonly token: ApiToken }
  | { readonly kind: 'expired'; readonly at: number }
  /** Never made, revoked, or expired long ago. */
  | { readonly kind: 'missing' };
