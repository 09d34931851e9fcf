import { describe, expect, it } from '@jest/globals';

import { localPath } from './return-to.js';

describe('the way back after a sign-in', () => {
  it.each([
    ['/', '/'],
    ['/s/6f1c0a52-8f0e-4c43-9a57-3f6f4b1c2d3e', '/s/6f1c0a52-8f0e-4c43-9a57-3f6f4b1c2d3e'],
    ['/admin/audit?from=2026-11-01&to=a%2Fb', '/admin/audit?from=2026-11-01&to=a%2Fb'],
    ['/?next=https://evil.example', '/?next=https://evil.example'],
    ['/a/./b/../c', '/a/c'],
    ['/@evil.example', '/@evil.example'],
    ['/ü', '/%C3%BC'],
    ['/javascript:alert(1)', '/javascript:alert(1)'],
  ])('may be a path of this portal (%j)', (raw, path) => {
    expect(localPath(raw)).toBe(path);
    // Wherever it leads, the browser stays on the portal.
    expect(new URL(path, 'https://portal.example').origin).toBe('https://portal.example');
  });

  it('leaves the fragment, which may hold the key of a link, in the browser', () => {
    expect(localPath('/s/x#AbCdEf')).toBe('/s/x');
  });

  it.each([
    'https://evil.example',
    'https:evil.example',
    'https:/evil.example',
    'HTTPS://evil.example/',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//',
    'data:text/html,x',
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '//evil.example/..',
    '//portal.example@evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    '/path\\..\\evil',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil.example',
    '/\u0000/evil.example',
    '/\u0085/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/%2e%2e//evil.example',
    '/%2F/evil.example',
    '/%2fevil.example',
    '%2F%2Fevil.example',
    '/%5cevil.example',
    '/%5Cevil.example',
    '/%252fevil.example',
    '/%09/evil.example',
    '/%0d%0aSet-Cookie:%20a=b',
    '/\r\nSet-Cookie: a=b',
    '/?x=%0d%0aLocation:%20https://evil.example',
    '/?x=\r\nLocation: https://evil.example',
    '/?x=%00',
    '',
    'evil.example',
    './admin',
    '?x=1',
    '#x',
    `/${'a'.repeat(512)}`,
    `/${'ü'.repeat(200)}`,
  ])('leads to no other site (%j)', (raw) => expect(localPath(raw)).toBeUndefined());

  it.each([undefined, null, 1, {}, ['/admin'], ['//evil.example'], { toString: () => '/' }])(
    'is text or undefined (%j)',
    (raw) => expect(localPath(raw)).toBeUndefined(),
  );
});
