import { describe, expect, it } from '@jest/globals';

import { decodeSealedContent, sealedBytesLimit } from './sealed-content.js';

const file = Buffer.concat([Buffer.from('age-encryption.org/v1\n'), Buffer.alloc(200, 1)]);

describe('sealed content', () => {
  it('is the base64 of an age v1 file', () => {
    expect(decodeSealedContent(file.toString('base64'))).toEqual(file);
  });

  it.each([
    ['plain text', 'hunter2'],
    ['the base64 of plain text', Buffer.from('hunter2hunter2').toString('base64')],
    ['base64url', `${file.toString('base64').slice(0, -4)}-_==`],
    ['cut-off base64', file.toString('base64').slice(0, -1)],
    ['an armored file', '-----BEGIN AGE ENCRYPTED FILE-----'],
    ['a later version', Buffer.from('age-encryption.org/v2\nxxx').toString('base64')],
  ])('is not %s, so that plain text is not stored as sealed by mistake', (_, content) => {
    expect(() => decodeSealedContent(content)).toThrow('validation_failed');
  });

  it('may be larger than its text by a header and a tag for each 64 KiB', () => {
    expect(sealedBytesLimit(65_536)).toBe(65_536 + 1_024 + 16);
    expect(sealedBytesLimit(65_537)).toBe(65_537 + 1_024 + 32);
  });
});
