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

/** Documents a success: with a body, with a description, or `Done.` for 204. */
export function Answer(answer: {
  readonly status: number;
  readonly body?: Type;
  readonly description?: string;
}): MethodDecorator {
  const { status, body, description } = answer;
  if (body) return ApiResponse({ status, type: body, headers: NO_STORE });
  return ApiResponse({ status, description: description ?? 'Done.' });
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
