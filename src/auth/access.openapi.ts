import type { ProblemKind } from '../common/problem.js';
import { accessProblems } from './access.errors.js';
import { tokensProblems } from './tokens/tokens.errors.js';

/** Problems that the guard may answer. */
export const guardProblems: readonly ProblemKind[] = [...accessProblems, ...tokensProblems];

/** The guard's problems for an `@Allow` rule, for the documentation of a route. */
export const REFUSED = {
  creators: ['sign_in_required', 'token_invalid', 'scope_missing'],
  receipts: ['token_invalid', 'scope_missing'],
  stats: ['sign_in_required', 'token_invalid', 'scope_missing', 'forbidden'],
} as const;
