import type { TokenScope } from '@burnbag/contract';

/** A person with a session. */
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
  /** Account of the person who made the token, see `accountOf`. */
  readonly owner: string;
}

/** The caller of a request. */
export type Principal = { readonly kind: 'anonymous' } | Person | TokenHolder;

export const ANONYMOUS: Principal = Object.freeze({ kind: 'anonymous' });

/** One person's account: the same subject of two ways to sign in is two people. */
export function accountOf({ via, subject }: Pick<Person, 'via' | 'subject'>): string {
  return `${via}:${subject}`;
}
