import { describe, expect, it } from '@jest/globals';

import { ProblemError } from '../platform/http/problem/problem.js';
import { toStoreError } from './redis.errors.js';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('an error of the store', () => {
  it.each(['LOADING Redis is loading', 'READONLY replica', 'BUSY script', 'MISCONF disk'])(
    'of a temporary state is a 503: %s',
    (message) => expect(toStoreError(reply(message))).toMatchObject({ kind: { code: 'store_unavailable' } }),
  );

  it('of the connection is a 503', () => {
    expect(toStoreError(new Error('Connection is closed.'))).toBeInstanceOf(ProblemError);
  });

  it('of our own script is a fault, and stays one', () => {
    const fault = reply('ERR user_script:3: attempt to index a nil value');
    expect(toStoreError(fault)).not.toBeInstanceOf(ProblemError);
  });

  it.each([
    'OOM command not allowed',
    "ERR Error running script (call to f_0): @user_script:9: @user_script: 9: -OOM command not allowed when used memory > 'maxmemory'.",
  ])('says when the store is full: %s', (message) => {
    expect(toStoreError(reply(message))).toMatchObject({
      kind: { code: 'storage_full', status: 507 },
      detail: expect.stringContaining('full'),
    });
  });
});
