import { describe, expect, it } from '@jest/globals';

import { authArea, authProblems } from './auth.config.js';
import { readArea } from '../config.reader.js';

const OIDC = { AUTH_MODE: 'oidc', OIDC_ISSUER: 'https://id.corp.example', OIDC_CLIENT_ID: 'burnbag' };
const HASH = '$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2g';

function problemsOf(env: Record<string, string>, publicUrl?: string): string[] {
  const problems: string[] = [];
  const values = readArea(authArea, env, problems);
  return [...problems, ...authProblems(values, publicUrl, problems)];
}

describe('the settings of sign-ins', () => {
  it('may be empty: then the portal is open and has no sign-in', () => {
    expect(problemsOf({}, 'http://portal.corp.example')).toEqual([]);
    expect(readArea(authArea, {}, [])).toMatchObject({
      mode: 'open',
      sessionIdleSeconds: 1_800,
      sessionMaxSeconds: 43_200,
    });
  });

  it('name the provider and the client for AUTH_MODE=oidc, and say both at once', () => {
    expect(problemsOf({ AUTH_MODE: 'oidc' })).toEqual([
      'OIDC_ISSUER must be set for AUTH_MODE=oidc',
      'OIDC_CLIENT_ID must be set for AUTH_MODE=oidc',
    ]);
    expect(problemsOf(OIDC)).toEqual([]);
  });

  it('report a hash that cannot be used once, not its absence as well', () => {
    const admin = { ADMIN_USERNAME: 'root', ADMIN_PASSWORD_HASH: 'hunter2' };
    expect(problemsOf(admin)).toEqual([expect.stringMatching(/^ADMIN_PASSWORD_HASH must/)]);
  });

  it.each([
    'http://id.corp.example',
    'http://localhost.evil.example',
    'https://id.corp.example?x=1',
    'https://u:p@id.corp.example',
    'id.corp.example',
  ])('refuse a provider whose answers could be changed in transit (%s)', (OIDC_ISSUER) => {
    expect(problemsOf({ ...OIDC, OIDC_ISSUER })).toEqual([expect.stringMatching(/^OIDC_ISSUER must/)]);
  });

  it.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000/realm'])(
    'accept a provider on this machine (%s)',
    (OIDC_ISSUER) => expect(problemsOf({ ...OIDC, OIDC_ISSUER })).toEqual([]),
  );

  it('ask for an OpenID Connect sign-in', () => {
    expect(problemsOf({ OIDC_SCOPES: 'email profile' })).toHaveLength(1);
    expect(problemsOf({ OIDC_SCOPES: 'email openid' })).toEqual([]);
  });

  it.each(['=admins', 'a b', ''.padStart(3)])('refuse the claim %j for an administrator', (claim) => {
    expect(problemsOf({ OIDC_ADMIN_CLAIM: claim })).toHaveLength(1);
  });

  it('limit the idle time of a session to its life', () => {
    expect(problemsOf({ SESSION_IDLE_SECONDS: '61', SESSION_MAX_SECONDS: '60' })).toHaveLength(1);
  });

  it('need both settings of the administrator or none, and repeat no hash', () => {
    expect(problemsOf({ ADMIN_USERNAME: 'root' })).toHaveLength(1);
    expect(problemsOf({ ADMIN_PASSWORD_HASH: HASH })).toHaveLength(1);
    expect(problemsOf({ ADMIN_USERNAME: 'root', ADMIN_PASSWORD_HASH: HASH })).toEqual([]);
    const plain = problemsOf({ ADMIN_USERNAME: 'root', ADMIN_PASSWORD_HASH: 'hunter2' });
    expect(plain[0]).toMatch(/^ADMIN_PASSWORD_HASH must be an Argon2id hash/);
    expect(plain.join()).not.toContain('hunter2');
  });

  it('need https for sign-ins, since the cookie travels no other way', () => {
    expect(problemsOf(OIDC, 'http://portal.corp.example')).toEqual([
      'PUBLIC_URL must start with https:// where people sign in',
    ]);
    expect(problemsOf(OIDC, 'https://portal.corp.example')).toEqual([]);
    expect(problemsOf(OIDC, 'http://localhost:3000')).toEqual([]);
  });
});
