import { describe, expect, it } from '@jest/globals';

import { connectionReason } from './connection-reason.js';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });

describe('why a connection failed', () => {
  it.each([
    [refused, 'connect ECONNREFUSED 127.0.0.1:1'],
    [new AggregateError([refused, refused], ''), 'connect ECONNREFUSED 127.0.0.1:1'],
    [Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [Object.assign(new Error(''), { code: 'ENOTFOUND' }), 'ENOTFOUND'],
    [new TypeError(''), 'TypeError'],
    [new Error('two\n  lines '), 'two lines'],
    ['text', 'text'],
  ])('%p is %s', (error, reason) => expect(connectionReason(error)).toBe(reason));
});
