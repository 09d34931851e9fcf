import { createHash, randomUUID } from 'node:crypto';

import { isSecretId } from '@burnbag/contract';
import { describe, expect, it } from '@jest/globals';

import { idBytes } from '../common/ids.js';
import { secretIdOf } from './upload-id.js';

const UPLOAD = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';

describe('the secret of an upload', () => {
  it('has the id that the specification says', () => {
    const digest = createHash('sha256').update('burnbag/upload-id/v1').update(idBytes(UPLOAD)).digest('hex');
    const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
    const hex = `${digest.slice(0, 12)}4${digest.slice(13, 16)}${variant}${digest.slice(18, 32)}`;
    expect(secretIdOf(UPLOAD).replaceAll('-', '')).toBe(hex);
  });

  it('is the same each time, whatever the case of the upload id', () => {
    expect(secretIdOf(UPLOAD.toUpperCase())).toBe(secretIdOf(UPLOAD));
  });

  it('always has an id of the usual form, and never that of the upload', () => {
    const uploads = Array.from({ length: 1_000 }, () => randomUUID());
    expect(uploads.every((upload) => isSecretId(secretIdOf(upload)))).toBe(true);
    expect(new Set([...uploads, ...uploads.map(secretIdOf)]).size).toBe(2_000);
  });
});
