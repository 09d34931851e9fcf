/** @jest-environment node */
import { describe, expect, it } from '@jest/globals';
import { ApiError, parseProblem, problemOf } from './problem';

describe('a problem document', () => {
  it.each([
    [403, { code: 'passphrase_wrong', attemptsLeft: 2 }, { code: 'passphrase_wrong', attemptsLeft: 2 }],
    [403, { code: 'proof_wrong' }, { code: 'proof_wrong' }],
    [
      410,
      { code: 'secret_gone', reason: 'burned', at: 'x' },
      { code: 'secret_gone', reason: 'burned', at: 'x' },
    ],
    [410, { code: 'secret_gone', reason: 'expired' }, { code: 'secret_gone', reason: 'expired' }],
    [410, { code: 'secret_gone', reason: 7 }, { code: 'secret_gone', reason: 'viewed' }],
    [423, { code: 'secret_locked', retryAt: 'x' }, { code: 'secret_locked', retryAt: 'x' }],
    [413, { code: 'payload_too_large', limit: -1 }, { code: 'payload_too_large' }],
    [400, { code: 'validation_failed', errors: 'no' }, { code: 'validation_failed', errors: [] }],
    [503, { code: 'passphrase_busy' }, { code: 'passphrase_busy' }],
    [413, { code: 'too_many_files', limit: 100 }, { code: 'too_many_files', limit: 100 }],
    [
      415,
      { code: 'file_extension_refused', allowed: ['pdf', 7] },
      { code: 'file_extension_refused', allowed: ['pdf'] },
    ],
    [507, { code: 'storage_full' }, { code: 'storage_full' }],
    [401, { code: 'sign_in_required' }, { code: 'sign_in_required' }],
    [
      403,
      { code: 'policy_refused', rule: 'SEALED_REQUIRED' },
      { code: 'policy_refused', rule: 'SEALED_REQUIRED' },
    ],
    [
      429,
      { code: 'sign_in_locked', retryAfterSeconds: 900 },
      { code: 'sign_in_locked', retryAfterSeconds: 900 },
    ],
    [500, { code: 'internal', requestId: 'r' }, { code: 'unexpected', status: 500, requestId: 'r' }],
  ])('is read by its code: %d %j', (status, body, problem) =>
    expect(parseProblem(status, body)).toEqual(problem),
  );

  it.each([
    [413, '<html>', 'payload_too_large'],
    [429, null, 'rate_limited'],
    [507, '', 'storage_full'],
    [502, 'Bad Gateway', 'store_unavailable'],
    [504, undefined, 'store_unavailable'],
    [418, [], 'unexpected'],
  ])('may be missing, when a proxy answers: %d', (status, body, code) =>
    expect(parseProblem(status, body).code).toBe(code),
  );

  it('takes the wait from the body, else from the header', () => {
    expect(parseProblem(429, { code: 'rate_limited', retryAfterSeconds: 3 }, '9')).toMatchObject({
      retryAfterSeconds: 3,
    });
    expect(parseProblem(429, { code: 'rate_limited' }, '9')).toMatchObject({ retryAfterSeconds: 9 });
  });
});

it('counts everything that is no answer of the server as a broken connection', () => {
  expect(problemOf(new TypeError('Failed to fetch dynamically imported module'))).toEqual({
    code: 'network',
  });
  expect(problemOf(new ApiError({ code: 'receipt_invalid' }))).toEqual({ code: 'receipt_invalid' });
});
