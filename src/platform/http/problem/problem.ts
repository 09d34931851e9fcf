import { PROBLEM_CODES, PROBLEMS, type ProblemBody, type ProblemCode } from '@burnbag/contract';

/** One entry of PROBLEMS with its code. */
export interface ProblemKind {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  /** Members of the body beside those of every problem. */
  readonly extras?: readonly string[];
}

const KINDS: ReadonlyMap<string, ProblemKind> = new Map(
  PROBLEM_CODES.map((code) => [code, { code, ...PROBLEMS[code] }]),
);

/** @throws TypeError when the contract does not know the code */
export function problemKind(code: ProblemCode): ProblemKind {
  const kind = KINDS.get(code);
  if (!kind) throw new TypeError(`unknown problem code: ${code}`);
  return kind;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export interface ProblemExtras {
  readonly [name: string]: unknown;
}

/** An expected failure that is answered to the client. */
export class ProblemError extends Error {
  readonly kind: ProblemKind;

  constructor(
    code: ProblemCode,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${detail}`);
    this.kind = problemKind(code);
    this.name = 'ProblemError';
    // A problem is an answer, not a fault: its stack is never read, and a race of readers makes many.
    delete this.stack;
  }

  /** The `application/problem+json` body. */
  body(requestId: string): ProblemBody & ProblemExtras {
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

const EXAMPLES: ProblemExtras = {
  errors: [{ field: 'ttlSeconds', message: 'must not be less than 1', limit: 1 }],
  attemptsLeft: 4,
  reason: 'viewed',
  at: '2026-11-21T14:02:00.000Z',
  retryAt: '2026-11-21T14:17:00.000Z',
  retryAfterSeconds: 42,
  field: 'content',
  limit: 262_144,
  offset: 65_536,
  length: 1_048_577,
  allowed: ['pdf', 'zip'],
  rule: 'SEALED_REQUIRED',
};

/** A body of this kind for the documentation. */
export function problemExample(kind: ProblemKind): ProblemBody & ProblemExtras {
  const extras = Object.fromEntries((kind.extras ?? []).map((name) => [name, EXAMPLES[name]]));
  return new ProblemError(kind.code, kind.title, extras).body('2b1f7f0e-6a52-4d4e-9d5e-2f1a7c9b0e11');
}
