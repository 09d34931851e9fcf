import { applyDecorators, type Type } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

import { problemExample, type ProblemKind } from './problem.js';

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

/** Documents problems: one response for each status, with an example for each kind. */
export function ProblemAnswers(kinds: readonly ProblemKind[]): MethodDecorator {
  const byStatus = Map.groupBy(kinds, (kind) => kind.status);
  const responses = [...byStatus].map(([status, same]) =>
    ApiResponse({
      status,
      description: same.map((kind) => `${kind.code}: ${kind.title}`).join('; '),
      content: {
        'application/problem+json': {
          schema: { type: 'object' },
          examples: Object.fromEntries(
            same.map((kind) => [kind.code, { summary: kind.title, value: problemExample(kind) }]),
          ),
        },
      },
    }),
  );
  return applyDecorators(...responses);
}

/**
 * @param kinds every problem that may be named
 * @param always codes of every route
 * @returns a decorator that documents problems by their codes
 */
export function problemsAmong(
  kinds: readonly ProblemKind[],
  ...always: readonly string[]
): (...codes: readonly string[]) => MethodDecorator {
  const byCode = new Map(kinds.map((kind) => [kind.code, kind]));
  const kindOf = (code: string): ProblemKind => {
    const kind = byCode.get(code);
    if (!kind) throw new Error(`no such problem code: ${code}`);
    return kind;
  };
  return (...codes) => ProblemAnswers([...new Set([...codes, ...always])].map(kindOf));
}
