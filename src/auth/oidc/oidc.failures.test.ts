import { ClientError, ResponseBodyError } from 'openid-client';
import { describe, expect, it } from '@jest/globals';

import { describeFailure, signInProblem } from './oidc.failures.js';

const refusedConnection = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const network = new TypeError('fetch failed', { cause: refusedConnection });
const coded = (code: string) => Object.assign(new ClientError('told of token abc'), { code });
const said = (error: string) =>
  Object.assign(Object.create(ResponseBodyError.prototype) as ResponseBodyError, { error, status: 400 });

describe('a failed sign-in', () => {
  it.each([
    ['network', network],
    ['timeout', coded('OAUTH_TIMEOUT')],
    ['an answer that is not JSON', coded('OAUTH_RESPONSE_IS_NOT_JSON')],
    ['status 502', coded('OAUTH_RESPONSE_IS_NOT_CONFORM')],
    ['a client that is not known', said('invalid_client')],
    ['anything new', new ClientError('new')],
  ])('is a problem of the provider, without blame for the person: %s', (_, error) => {
    expect(signInProblem(error)?.kind.code).toBe('sign_in_unavailable');
  });

  it.each([
    ['a wrong signature or nonce', coded('OAUTH_INVALID_RESPONSE')],
    ['another audience', coded('OAUTH_JWT_CLAIM_COMPARISON_FAILED')],
    ['an old token', coded('OAUTH_JWT_TIMESTAMP_CHECK_FAILED')],
    ['a used code', said('invalid_grant')],
  ])('is refused for %s', (_, error) => {
    expect(signInProblem(error)?.kind.code).toBe('sign_in_refused');
  });

  it.each([new TypeError('x is not a function'), new Error('any'), undefined, 'text'])(
    'does not hide a bug of ours (%s)',
    (error) => expect(signInProblem(error)).toBeUndefined(),
  );

  it('is described by codes alone', () => {
    expect(describeFailure(network)).toMatchObject({ failure: 'TypeError', cause: 'ECONNREFUSED' });
    expect(describeFailure(new ClientError('x', { cause: network }))).toMatchObject({
      cause: 'ECONNREFUSED',
    });
    expect(JSON.stringify(describeFailure(coded('OAUTH_TIMEOUT')))).not.toContain('abc');
    expect(describeFailure(said('invalid_grant'))).toMatchObject({ said: 'invalid_grant', status: 400 });
    expect(describeFailure(said('line\nbreak and a long story'))).toMatchObject({ said: undefined });
    expect(describeFailure('a text')).toEqual({ failure: 'string' });
  });
});
