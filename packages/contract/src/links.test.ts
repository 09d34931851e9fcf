import { describe, expect, it } from '@jest/globals';

import {
  filesApiUrl,
  fragmentText,
  isSecretId,
  linkKeyIn,
  receiptUrl,
  SECRET_ID_PATTERN,
  sealedUrl,
  secretApiUrl,
  secretUrl,
} from './links.js';

const ID = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';
const KEY = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const PUBLIC = 'https://burn.example/bag';

describe('the links of a secret', () => {
  it('are made and read by the same rules', () => {
    const url = secretUrl(PUBLIC, ID);
    expect(url).toBe(`https://burn.example/bag/s/${ID}`);
    expect(linkKeyIn(new URL(sealedUrl(url, KEY)).hash)).toBe(KEY);
    expect(fragmentText(new URL(receiptUrl(PUBLIC, 'AQAB_-')).hash)).toBe('AQAB_-');
    expect(secretApiUrl(url)).toBe(`https://burn.example/bag/api/v1/secrets/${ID}`);
    expect(filesApiUrl(url)).toBe(`https://burn.example/bag/api/v1/files/${ID}`);
  });

  it.each(['', '#', `#${KEY.slice(1)}`, `#${KEY}A`, `#${KEY.slice(1)}+`])('have no key in %j', (fragment) =>
    expect(linkKeyIn(fragment)).toBeUndefined(),
  );

  it.each([KEY, `#${KEY}`, `#${KEY}.`, `#${KEY}) `, `#${KEY}'"!`])('have the key in %j', (fragment) =>
    expect(linkKeyIn(fragment)).toBe(KEY),
  );

  it('take the id in the form that the OpenAPI document states', () => {
    const pattern = new RegExp(SECRET_ID_PATTERN);
    const no = [
      '',
      'x',
      ID.slice(1),
      `${ID}0`,
      ID.replace('-4d', '-5d'),
      ID.replace('-9d', '-cd'),
      `${ID}\n`,
    ];
    for (const id of [ID, ID.toUpperCase()]) expect([isSecretId(id), pattern.test(id)]).toEqual([true, true]);
    for (const id of no) expect([isSecretId(id), pattern.test(id)]).toEqual([false, false]);
    expect(isSecretId(undefined)).toBe(false);
  });
});
