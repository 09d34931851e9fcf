import type { Access, Principal, TokenScope } from '@burnbag/contract';

import type { ProblemError } from '../platform/http/problem/problem.js';
import { forbidden, signInRequired } from './access.errors.js';
import { scopeMissing } from './tokens/tokens.errors.js';

/** Settings that decide who may do what. */
export interface AccessSettings {
  /** AUTH_MODE */
  readonly mode: 'open' | 'oidc';
  /** Whether sign-in is possible at all: by OIDC, or as the local administrator. */
  readonly accounts: boolean;
}
export const ACCESS_SETTINGS = Symbol('AccessSettings');

/** The scope that a token needs. Without an entry tokens are refused, or need none. */
const SCOPES: Partial<Readonly<Record<Access, TokenScope>>> = {
  creators: 'create',
  receipts: 'receipts',
  stats: 'stats',
};
const OPEN_TO_ALL: ReadonlySet<Access> = new Set(['everyone', 'receipts', 'unasked']);

function isOpen(who: Access, { mode, accounts }: AccessSettings): boolean {
  return OPEN_TO_ALL.has(who) || (who === 'creators' && mode === 'open') || (who === 'stats' && !accounts);
}

/**
 * Why a caller may not use a route. A token is checked also where none is needed: a script must not work by
 * accident until a setting changes.
 * @param who undefined: the route has no rule and is closed
 * @returns undefined when the caller may use it
 */
export function refusal(
  who: Access | undefined,
  principal: Principal,
  settings: AccessSettings,
): ProblemError | undefined {
  if (who === undefined) return forbidden();
  if (principal.kind === 'token') {
    const scope = SCOPES[who];
    if (scope !== undefined) return principal.scopes.includes(scope) ? undefined : scopeMissing(scope);
    return OPEN_TO_ALL.has(who) ? undefined : forbidden();
  }
  if (isOpen(who, settings)) return undefined;
  if (principal.kind === 'anonymous') return signInRequired();
  const mayAll = who === 'people' || who === 'creators';
  return mayAll || principal.isAdmin ? undefined : forbidden();
}
