import { ProblemAnswers } from '../common/answers.openapi.js';
import { commonProblems } from '../common/common.errors.js';
import type { ProblemKind } from '../common/problem.js';
import { storeProblems } from '../common/store.errors.js';
import { rateLimitProblems } from '../rate-limit/rate-limit.errors.js';
import { secretsProblems } from './secrets.errors.js';

const byCode = new Map(
  [...commonProblems, ...rateLimitProblems, ...secretsProblems, ...storeProblems].map((kind) => [
    kind.code,
    kind,
  ]),
);

function kindOf(code: string): ProblemKind {
  const kind = byCode.get(code);
  if (!kind) throw new Error(`no such problem code: ${code}`);
  return kind;
}

/** Documents refusals by their codes, with those that every route of a secret has. */
export function Problems(...codes: readonly string[]): MethodDecorator {
  return ProblemAnswers([...codes, 'rate_limited', 'store_unavailable'].map(kindOf));
}

/** The refusals of whatever opens or burns. */
export function OpeningProblems(...more: readonly string[]): MethodDecorator {
  return Problems(
    'validation_failed',
    'passphrase_required',
    'passphrase_wrong',
    'proof_wrong',
    'secret_not_found',
    'secret_gone',
    'secret_locked',
    'record_damaged',
    'key_unavailable',
    'passphrase_busy',
    ...more,
  );
}
