import { describe, expect, it } from '@jest/globals';

import { isAdminBy, lacksClaims, personOf } from './claims.js';

const VERIFIED = { email: 'Alice@Corp.example', email_verified: true };

describe('an e-mail address of the provider', () => {
  it('counts when the provider has verified it', () => {
    expect(personOf('a', VERIFIED, {}, undefined).email).toBe('alice@corp.example');
    expect(personOf('a', {}, { ...VERIFIED, email_verified: 'true' }, undefined).email).toBeDefined();
  });

  it.each([undefined, false, 'false', 1, 'yes', null, {}])('does not count when it says %j', (verified) => {
    expect(personOf('a', { ...VERIFIED, email_verified: verified }, {}, undefined)).not.toHaveProperty(
      'email',
    );
  });

  it('is not verified by the statement of another source about another e-mail address', () => {
    const claimed = { email: 'boss@corp.example' };
    expect(personOf('a', claimed, VERIFIED, undefined)).not.toHaveProperty('email');
    expect(personOf('a', { email_verified: true }, claimed, undefined)).not.toHaveProperty('email');
  });
});

describe('a subject', () => {
  it.each([
    ['a\0b', 'a\\u0000b'],
    ['a\\u0000b', 'a\\u005cu0000b'],
    ['a\ud800', 'a\\ud800'],
    ['DOMAIN\\user', 'DOMAIN\\user'],
  ])('%j is stored as the trail can keep it, and stays unique', (subject, kept) =>
    expect(personOf(subject, {}, {}, undefined).subject).toBe(kept),
  );

  it('and a name are never longer than an index takes', () => {
    const person = personOf('s'.repeat(5_000), { name: `${'n'.repeat(199)}😀` }, {}, undefined);
    expect(person.subject.length).toBeLessThanOrEqual(255);
    expect(person.name?.isWellFormed()).toBe(true);
  });
});

describe('an administrator', () => {
  it.each([
    ['admin', { admin: true }],
    ['admin', { admin: 'true' }],
    ['groups=ops', { groups: ['dev', 'ops'] }],
    ['role=ops', { role: 'ops' }],
    ['groups=cn=ops,dc=corp', { groups: ['cn=ops,dc=corp'] }],
    ['realm_access.roles=ops', { realm_access: { roles: ['ops'] } }],
    ['https://corp.example/roles=ops', { 'https://corp.example/roles': ['ops'] }],
  ])('is an administrator by the claim (%s)', (rule, claims) => expect(isAdminBy(rule, claims)).toBe(true));

  it.each([
    [undefined, { undefined: true, admin: true }],
    ['admin', {}],
    ['admin', { admin: false }],
    ['admin', { admin: 'false' }],
    ['admin', { admin: 1 }],
    ['admin', { admin: ['true'] }],
    ['groups=ops', { groups: ['devops', 'ops2'] }],
    ['groups=ops', { groups: 'dev ops' }],
    ['groups=ops', { groups: { ops: true } }],
    ['groups=ops', { groups: [['ops']] }],
    ['constructor', {}],
    ['constructor.name=Object', {}],
    ['__proto__.admin', JSON.parse('{"__proto__":{}}')],
    ['groups.length=1', { groups: 'a' }],
  ])('is not an administrator (%j)', (rule, claims) => expect(isAdminBy(rule, claims)).toBe(false));

  it('is taken from the signed token where it has the claim, else from userinfo', () => {
    expect(personOf('a', { admin: false }, { admin: true }, 'admin').isAdmin).toBe(false);
    expect(personOf('a', {}, { admin: true }, 'admin').isAdmin).toBe(true);
  });
});

it('userinfo is asked only for what the ID token leaves out', () => {
  const whole = { ...VERIFIED, name: 'Alice' };
  expect(lacksClaims(whole, undefined)).toBe(false);
  expect(lacksClaims(whole, 'admin')).toBe(true);
  expect(lacksClaims({ ...whole, admin: false }, 'admin')).toBe(false);
  expect(lacksClaims({ name: 'Alice' }, undefined)).toBe(true);
});
