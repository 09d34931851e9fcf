import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { systemRandom } from '../../crypto/random-source.port.js';
import { newToken } from '../sessions/session-token.js';
import { openRecord, sealRecord } from './sign-in-record.js';

const RECORD = { state: 's', nonce: 'n', codeVerifier: 'v', returnTo: '/s/6f1c0a52?x=ü' };

describe('the record of a sign-in', () => {
  const token = newToken(systemRandom);
  const sealed = sealRecord(RECORD, token, systemRandom);

  it('is opened with the cookie, and reveals nothing without it', () => {
    expect(openRecord(sealed, token)).toEqual(RECORD);
    expect(sealed.toString('latin1')).not.toContain('6f1c0a52');
    expect(openRecord(sealed, newToken(systemRandom))).toBeUndefined();
  });

  it('is never sealed the same way twice', () => {
    expect(sealRecord(RECORD, token, systemRandom)).not.toEqual(sealed);
  });

  it('does not open when a byte of it was changed or is missing', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(openRecord(changed, token)).toBeUndefined();
      expect(openRecord(sealed.subarray(0, at), token)).toBeUndefined();
    }
    expect(openRecord(randomBytes(200), token)).toBeUndefined();
  });
});
