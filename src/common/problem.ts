/**
 * RFC 9457 problem details. A kind is declared once beside the feature that raises it; clients branch on its
 * `code`, and a test compares `docs/errors.md` with the list of kinds.
 */
export interface ProblemKind {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** Extra members of the body, named for the documentation. */
  readonly extras?: readonly string[];
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export interface ProblemExtras {
  readonly [name: string]: unknown;
}

/** An expected failure that is answered to the client. */
export class ProblemError extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${kind.code}: ${detail}`);
    this.name = 'ProblemError';
    // A problem is an answer, not a fault: its stack is never read, and a race of readers makes many.
    delete this.stack;
  }

  /** The `application/problem+json` body. */
  body(requestId: string): ProblemExtras {
    const { code, status, title } = this.kind;
    return {
      type: `urn:burnbag:error:${code}`,
      title,
      status,
      detail: this.detail,
      code,
      requestId,
      ...this.extras,
    };
  }
}

/** One refused field of a request. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
  readonly limit?: number;
  /** The setting of the limit, by its name in the environment. */
  readonly rule?: string;
}

const EXAMPLES: ProblemExtras = {
  errors: [{ field: 'ttlSeconds', message: 'must not be less than 1', limit: 1 }],
  attemptsLeft: 4,
  reason: 'viewed',
  at: '2026-11-21T14:02:00.000Z',
  retryAt: '2026-11-21T14:17:00.000Z',
  retryAfterSeconds: 42,
  field: 'content',
  limit: 262_144,
};

/** A body of this kind for the documentation. */
export function problemExample(kind: ProblemKind): ProblemExtras {
  const extras = Object.fromEntries((kind.extras ?? []).map((name) => [name, EXAMPLES[name]]));
  return new ProblemError(kind, kind.title, extras).body('2b1f7f0e-6a52-4d4e-9d5e-2f1a7c9b0e11');
}
