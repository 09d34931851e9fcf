import { describe, expect, it } from '@jest/globals';

import { normalEmail } from './emails.js';

describe('an address', () => {
  it.each([
    ['alice@corp.example', 'alice@corp.example'],
    ['Alice.O+x@CORP.example', 'alice.o+x@corp.example'],
  ])('is compared in lower case (%j)', (raw, normal) => expect(normalEmail(raw)).toBe(normal));

  it.each([
    '',
    'alice',
    'alice@',
    '@corp.example',
    'a@b@corp.example',
    'a lice@corp.example',
    'alice@corp.example\n',
    'alice@corp.example,bob@corp.example',
    '\u212Aevin@corp.example',
    'alice@c\u00f6rp.example',
    `${'a'.repeat(250)}@corp.example`,
    undefined,
    7,
    ['alice@corp.example'],
  ])('is refused if it could be confused with another (%j)', (raw) => {
    expect(normalEmail(raw)).toBeUndefined();
  });
});
