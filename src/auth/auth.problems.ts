import type { ProblemKind } from '../common/problem.js';
import { accessProblems } from './access.errors.js';
import { csrfProblems } from './csrf.js';
import { localAdminProblems } from './local-admin/local-admin.errors.js';
import { signInProblems } from './oidc/sign-in.errors.js';
import { tokensProblems } from './tokens/tokens.errors.js';

/** Every refusal of this module. */
export const authProblemKinds: readonly ProblemKind[] = [
  ...accessProblems,
  ...csrfProblems,
  ...localAdminProblems,
  ...signInProblems,
  ...tokensProblems,
];
