import { randomBytes } from 'node:crypto';

import type { Principal } from '@burnbag/contract';
import { describe, expect, it } from '@jest/globals';

import type { AuditConfig } from '../../platform/config/sections/app.config.js';
import { Keyring } from '../../crypto/keyring/keyring.js';
import { AuditContext, maskAddress } from './audit-context.js';

const KEY = randomBytes(32);

function originOf(ip: AuditConfig['ip'], address: string, agent?: string, key = KEY): unknown[] {
  const origins = new AuditContext({ ip, outboxMax: 16, retentionDays: 1 }, Keyring.of(1, key));
  return JSON.parse(origins.of({ ip: address, headers: { 'user-agent': agent } })) as unknown[];
}

describe('the context of an audit event', () => {
  it('keeps as much of an address as the operator allows', () => {
    expect(originOf('full', '203.0.113.77', 'curl/8')).toEqual(['anonymous', '203.0.113.77', 'curl/8']);
    expect(originOf('masked', '203.0.113.77')).toEqual(['anonymous', '203.0.113.0', null]);
    expect(originOf('off', '203.0.113.77')).toEqual(['anonymous', null, null]);
    const [, hashed] = originOf('hashed', '203.0.113.77');
    expect(hashed).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(originOf('hashed', '203.0.113.77')[1]).toBe(hashed);
    expect(originOf('hashed', '203.0.113.78')[1]).not.toBe(hashed);
    expect(originOf('hashed', '203.0.113.77', undefined, randomBytes(32))[1]).not.toBe(hashed);
  });

  it.each([
    ['203.0.113.77', '203.0.113.0'],
    ['::ffff:203.0.113.77', '203.0.113.0'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::'],
    ['::1', '::'],
    ['127.0.0.1', '127.0.0.0'],
    ['fe80::1%eth0', 'fe80::'],
    ['203.0.113.77:50001', '203.0.113.0'],
    ['[2001:db8:85a3::1]:443', '2001:db8:85a3::'],
  ])('masks %s as %s', (ip, masked) => {
    expect(maskAddress(ip)).toBe(masked);
  });

  it('keeps nothing that is not an address', () => {
    for (const nonsense of ['', 'unknown', '999.1.1.1', '127.1', 'a'.repeat(2_000)])
      for (const how of ['full', 'masked', 'hashed', 'off'] as const)
        expect(originOf(how, nonsense)).toEqual(['anonymous', null, null]);
  });

  it('cuts a user agent, and keeps it text', () => {
    const [, , agent] = originOf('off', '127.0.0.1', `${'x'.repeat(199)}😀 and more`);
    expect(agent).toBe(`${'x'.repeat(199)}\ufffd`);
  });

  it('names the actor, and keeps people at one address and browser apart', () => {
    const origins = new AuditContext({ ip: 'off', outboxMax: 16, retentionDays: 1 }, Keyring.of(1, KEY));
    const person = { kind: 'person', subject: '1', isAdmin: false, via: 'oidc', sessionId: '' } as const;
    const principals: readonly [Principal | null, string][] = [
      [null, 'anonymous'],
      [{ ...person, email: 'alice@corp.example' }, 'alice@corp.example'],
      [{ ...person, email: 'bob@corp.example' }, 'bob@corp.example'],
      [person, 'oidc:1'],
      [{ ...person, via: 'local' }, 'local:1'],
      [{ kind: 'token', tokenId: '00ff', name: 'x', scopes: [], owner: 'oidc:1' }, 'token:00ff'],
    ];
    // The second call returns the cached value.
    for (const [principal, actor] of [...principals, ...principals.toReversed()]) {
      const origin = origins.of({ ip: '127.0.0.1', headers: { 'user-agent': 'curl/8' }, principal });
      expect(JSON.parse(origin)).toEqual([actor, null, 'curl/8']);
    }
  });
});
