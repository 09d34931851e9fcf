import type { AuthMode } from './policy.js';
import type { TokenScope } from './token-scopes.js';

/** A signed-in person. */
export interface Person {
  readonly kind: 'person';
  /** The provider's name for this person (claim `sub`), or the local administrator's name. */
  readonly subject: string;
  readonly name?: string;
  /** In the form of `normalEmail`; only an e-mail address that the provider has verified. */
  readonly email?: string;
  readonly isAdmin: boolean;
  readonly via: 'oidc' | 'local';
  /** The session's public handle: 16 hex digits that open nothing. */
  readonly sessionId: string;
}

/** A script with an API token. */
export interface TokenHolder {
  readonly kind: 'token';
  readonly tokenId: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Account of the person who made the token. */
  readonly owner: string;
}

/** The caller of a request. */
export type Principal = { readonly kind: 'anonymous' } | Person | TokenHolder;

/** Answer of `GET /auth/session`: the ways to sign in, and who is signed in. */
export interface Session {
  readonly authMode: AuthMode;
  readonly signIn: { readonly oidc: boolean; readonly local: boolean };
  readonly mayCreate: boolean;
  readonly principal: Principal;
}

/** Request of `POST /auth/local`. */
export interface LocalSignIn {
  readonly username: string;
  readonly password: string;
}

/** Answer of `POST /auth/logout`. */
export interface SignedOut {
  /** Where the browser ends the provider's session; null when there is none. */
  readonly logoutUrl: string | null;
}

/** An API token, without the token itself. */
export interface TokenAnswer {
  /** Public handle: 32 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Account of the person who made it. */
  readonly owner: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** To the minute. */
  readonly lastUsedAt: string | null;
}

/** Answer of `GET /tokens` and `GET /admin/tokens`, newest first. */
export interface TokenPageAnswer {
  readonly tokens: readonly TokenAnswer[];
  /** null on the last page. */
  readonly nextCursor: string | null;
}

/** Request of `POST /tokens`. */
export interface IssueToken {
  /** For people; 1 to TOKEN_NAME_MAX_CHARACTERS, without control characters. */
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly ttlSeconds: number;
}

/** Answer of `POST /tokens`. */
export interface IssuedToken {
  /** The token itself, which no other answer shows. */
  readonly secret: string;
  readonly token: TokenAnswer;
}
