import { PROBLEM_CODES } from '@burnbag/contract';
import { describe, expect, it } from '@jest/globals';

import { payloadTooLarge, validationFailed } from './common.errors.js';
import { ProblemError, problemExample, problemKind } from './problem.js';

describe('a problem', () => {
  it('is RFC 9457 with a code, and the members that its kind names', () => {
    expect(payloadTooLarge('content', 9).body('the-request')).toEqual({
      type: 'urn:burnbag:error:payload_too_large',
      title: 'The request is too large',
      status: 413,
      detail: 'content must be at most 9 bytes',
      code: 'payload_too_large',
      requestId: 'the-request',
      field: 'content',
      limit: 9,
    });
  });

  it('names every field in its detail, for people', () => {
    const problem = validationFailed([
      { field: 'a', message: 'must be a number' },
      { field: 'b', message: 'is not a known field' },
    ]);
    expect(problem.detail).toBe('a must be a number; b is not a known field');
  });

  it('carries no stack: it is an answer, not a fault', () => {
    expect(payloadTooLarge('content', 1).stack).toBeUndefined();
    expect(payloadTooLarge('content', 1)).toBeInstanceOf(ProblemError);
  });

  it.each(PROBLEM_CODES)('%s has a whole example', (code) => {
    const kind = problemKind(code);
    const example = problemExample(kind);
    for (const name of kind.extras ?? []) expect(example[name]).toBeDefined();
  });
});
