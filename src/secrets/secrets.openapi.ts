import { applyDecorators, type Type } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

import { commonProblems } from '../common/common.errors.js';
import { problemExample, type ProblemKind } from '../common/problem.js';
import { storeProblems } from '../common/store.errors.js';
import { rateLimitProblems } from '../rate-limit/rate-limit.errors.js';
import { secretsProblems } from './secrets.errors.js';

const byCode = new Map(
  [...commonProblems, ...rateLimitProblems, ...secretsProblems, ...storeProblems].map((kind) => [
    kind.code,
    kind,
  ]),
);

/** Headers that every answer about a secret carries. */
const NO_STORE = {
  'Cache-Control': {
    description: 'no-store, no-cache, must-revalidate',
    schema: { type: 'string' as const },
  },
};

/** A successful answer with a body. */
export function OpenedAnswer(status: number, type: Type): MethodDecorator {
  return ApiResponse({ status, type, headers: NO_STORE });
}

/** 204 */
export function DoneAnswer(): MethodDecorator {
  return ApiResponse({ status: 204, description: 'Done.' });
}

function kindOf(code: string): ProblemKind {
  const kind = byCode.get(code);
  if (!kind) throw new Error(`no such problem code: ${code}`);
  return kind;
}

/** Documents refusals by their codes, one response for each status with an example for each code. */
export function Problems(...codes: readonly string[]): MethodDecorator {
  const byStatus = new Map<number, ProblemKind[]>();
  for (const code of [...codes, 'rate_limited', 'store_unavailable']) {
    const kind = kindOf(code);
    byStatus.set(kind.status, [...(byStatus.get(kind.status) ?? []), kind]);
  }
  const responses = [...byStatus].map(([status, kinds]) =>
    ApiResponse({
      status,
      description: kinds.map((kind) => `${kind.code}: ${kind.title}`).join('; '),
      content: {
        'application/problem+json': {
          schema: { type: 'object' },
          examples: Object.fromEntries(
            kinds.map((kind) => [kind.code, { summary: kind.title, value: problemExample(kind) }]),
          ),
        },
      },
    }),
  );
  return applyDecorators(...responses);
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
