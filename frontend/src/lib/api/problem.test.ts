/** @jest-environment node */
import { describe, expect, it } from '@jest/globals';
import { ApiError, mayPass, parseProblem, problemOf } from './problem';

const OURS = { contentType: 'application/problem+json; charset=utf-8' };

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
    [408, { code: 'upload_too_slow' }, { code: 'upload_too_slow' }],
    [429, { code: 'upload_share_full', limit: 7 }, { code: 'upload_share_full', limit: 7 }],
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
    expect(parseProblem(status, body, OURS)).toEqual(problem),
  );

  it.each([
    [413, '<html>', 'text/html'],
    [429, null, undefined],
    [502, 'Bad Gateway', 'text/plain'],
    [504, undefined, 'application/problem+json'],
    [418, [], 'application/json'],
    [403, { code: 'forbidden' }, 'application/json'],
    [403, { error: 'blocked' }, 'application/problem+json'],
    [400, { code: 7 }, 'application/problem+json'],
  ])('of a proxy in front of the portal is not treated as ours: %d %j %s', (status, body, contentType) =>
    expect(parseProblem(status, body, { contentType })).toEqual({ code: 'proxy_answer', status }),
  );

  it.each([
    [408, true],
    [429, true],
    [502, true],
    [503, true],
    [504, true],
    [413, false],
    [403, false],
    [500, false],
  ])('of a proxy in front of the portal may be temporary: %d %s', (status, passes) =>
    expect(mayPass({ code: 'proxy_answer', status })).toBe(passes),
  );

  it('takes the wait of a proxy from its header, if that is a number of seconds', () => {
    const html = { contentType: 'text/html' };
    expect(parseProblem(503, '', { ...html, retryAfter: '7' })).toMatchObject({ retryAfterSeconds: 7 });
    expect(parseProblem(503, '', { ...html, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' })).toEqual({
      code: 'proxy_answer',
      status: 503,
    });
  });

  it('takes the wait from the body, else from the header', () => {
    expect(parseProblem(429, { code: 'too_many_uploads', limit: 3 }, { ...OURS, retryAfter: '5' })).toEqual({
      code: 'too_many_uploads',
      retryAfterSeconds: 5,
    });
    expect(
      parseProblem(429, { code: 'rate_limited', retryAfterSeconds: 3 }, { ...OURS, retryAfter: '9' }),
    ).toMatchObject({
      retryAfterSeconds: 3,
    });
    expect(parseProblem(429, { code: 'rate_limited' }, { ...OURS, retryAfter: '9' })).toMatchObject({
      retryAfterSeconds: 9,
    });
  });
});

it('counts any other answer as a broken connection', () => {
  expect(problemOf(new TypeError('Failed to fetch dynamically imported module'))).toEqual({
    code: 'network',
  });
  expect(problemOf(new ApiError({ code: 'receipt_invalid' }))).toEqual({ code: 'receipt_invalid' });
});
