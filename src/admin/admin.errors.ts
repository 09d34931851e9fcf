import { ProblemError, type ProblemKind } from '../common/problem.js';

const kinds = {
  sessionNotFound: { code: 'session_not_found', status: 404, title: 'There is no such session' },
} as const satisfies Record<string, ProblemKind>;

export const adminProblems: readonly ProblemKind[] = Object.values(kinds);

export const sessionNotFound = () =>
  new ProblemError(kinds.sessionNotFound, 'It has ended, or never existed.');
