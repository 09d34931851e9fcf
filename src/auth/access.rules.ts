import type { Access, TokenScope } from '@burnbag/contract';

import type { ProblemError } from '../common/problem.js';
import { forbidden, signInRequired } from './access.errors.js';
import type { Principal } from './principal.js';
import { scopeMissing } from './tokens/tokens.errors.js';

/** What of the configuration decides who may do what. */
export interface AccessSettings {
  /** AUTH_MODE */
  readonly mode: 'open' | 'oidc';
  /** Whether anybody can sign in at all: by OIDC, or as the local administrator. */
  readonly accounts: boolean;
}
export const ACCESS_SETTINGS = Symbol('AccessSettings');

/** What a token must be allowed to. Without an entry tokens may not, or need nothing. */
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
 * Why somebody may not use a route. A token that is sent is judged also where nobody would have to send one: a script
 * must not work by an accident that a change of the settings ends.
 * @param who undefined: the route does not say, and nobody may
 * @returns undefined when they may
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
