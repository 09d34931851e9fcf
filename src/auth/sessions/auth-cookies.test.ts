import { describe, expect, it } from '@jest/globals';

import { clearCookie, readCookie, SESSION_COOKIE, setCookie, SIGN_IN_COOKIE } from './auth-cookies.js';

describe('a cookie', () => {
  it('is kept from scripts, plain connections and other sites, and only for this host', () => {
    expect(setCookie(SESSION_COOKIE, 'v')).toBe('__Host-burnbag=v; Path=/; HttpOnly; Secure; SameSite=Lax');
    expect(setCookie(SIGN_IN_COOKIE, 'v', 600)).toContain('; Secure; SameSite=Lax; Max-Age=600');
    expect(clearCookie(SESSION_COOKIE)).toBe(
      '__Host-burnbag=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0',
    );
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['a=b', undefined],
    ['__Host-burnbag=v', 'v'],
    ['a=b; __Host-burnbag=v=; c=d', 'v='],
    ['a=b;__Host-burnbag=v', 'v'],
    ['__Host-burnbag-sign-in=w; __Host-burnbag=v', 'v'],
    ['__Host-burnbag-sign-in=w', undefined],
    ['x__Host-burnbag=v', undefined],
    ['a=__Host-burnbag=v', undefined],
    ['__host-burnbag=v', undefined],
    ['__Host-burnbag=v; __Host-burnbag=w', undefined],
  ])('is found by its whole name, once (%j)', (header, value) => {
    expect(readCookie(header, SESSION_COOKIE)).toBe(value);
  });
});
