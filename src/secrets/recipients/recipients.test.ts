import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { isAmong, marksOf, recipientHash } from './recipients.js';

const id = Buffer.from('5f0c8f3e6a524d4e9d5e2f1a7c9b0e11', 'hex');
const alice = { email: 'alice@corp.example' };

describe('the marks of recipients', () => {
  it('are what every earlier version of the program made of them', () => {
    expect(marksOf({ id }, ['alice@corp.example']).toString('hex')).toBe('7797a0198f73c129c564981468aa3959');
  });

  it('match the named people only, in any order and once each', () => {
    const marks = marksOf({ id }, ['bob@corp.example', alice.email, alice.email]);
    expect(marks).toHaveLength(32);
    expect(marks).toEqual(marksOf({ id }, [alice.email, 'bob@corp.example']));
    const fits = (reader: { email?: string }) =>
      isAmong(marks, recipientHash({ id }, reader) ?? Buffer.alloc(0));
    expect(fits(alice)).toBe(true);
    expect(fits({ email: 'bob@corp.example' })).toBe(true);
    expect(fits({ email: 'carol@corp.example' })).toBe(false);
    expect(fits({})).toBe(false);
  });

  it('differ by the id of the link: another secret of the same person has others', () => {
    const other = { id: randomBytes(16) };
    expect(marksOf(other, [alice.email])).not.toEqual(marksOf({ id }, [alice.email]));
  });

  it('are absent without a sign-in', () => expect(recipientHash({ id }, 'nobody')).toBeUndefined());
});
