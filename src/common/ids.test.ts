import { createHash } from 'node:crypto';

import { isSecretId } from '@burnbag/contract';
import { describe, expect, it } from '@jest/globals';

import { idBytes, refOf } from './ids.js';

describe('an id', () => {
  it('is a UUID v4 in its usual spelling', () => {
    expect(isSecretId('5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11')).toBe(true);
    expect(isSecretId('5F0C8F3E-6A52-4D4E-9D5E-2F1A7C9B0E11')).toBe(true);
  });

  it.each([
    '5f0c8f3e-6a52-1d4e-9d5e-2f1a7c9b0e11',
    '5f0c8f3e-6a52-4d4e-7d5e-2f1a7c9b0e11',
    '5f0c8f3e6a524d4e9d5e2f1a7c9b0e11',
    ' 5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11',
    '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11\n',
    '',
    null,
    7,
  ])('is not %j', (text) => expect(isSecretId(text)).toBe(false));
});

describe('a reference', () => {
  it('is the frozen hash of the id: later code must find records of earlier code', () => {
    const id = idBytes('5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11');
    expect(id.toString('hex')).toBe('5f0c8f3e6a524d4e9d5e2f1a7c9b0e11');
    const expected = createHash('sha256').update('burnbag/ref/v1').update(id).digest('hex').slice(0, 32);
    expect(refOf(id).toString('hex')).toBe(expected);
    expect(refOf(id).toString('hex')).toBe('b7fe32d7d12b22d3991f14f85aab33e6');
    expect(refOf(idBytes('5F0C8F3E-6A52-4D4E-9D5E-2F1A7C9B0E11'))).toEqual(refOf(id));
  });
});
