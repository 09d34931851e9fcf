import { hash, randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { KeyringHolder } from '../crypto/keyring/keyring.holder.js';
import { Keyring } from '../crypto/keyring/keyring.js';
import { ClientHashes } from './client-hashes.js';

const KEY = randomBytes(32);
const hashes = () => new ClientHashes(Keyring.of(1, KEY));

describe('the hash of a client in Redis', () => {
  it('is the same in every process of the portal', () => {
    expect(hashes().of('203.0.113.8')).toBe(hashes().of('203.0.113.8'));
    expect(hashes().of('203.0.113.8')).not.toBe(hashes().of('203.0.113.9'));
  });

  it('cannot be computed without the keyring', () => {
    const found = hashes().of('203.0.113.8');
    expect(found).toMatch(/^[\w-]{22}$/);
    expect(found).not.toBe(hash('sha256', '203.0.113.8', 'base64url').slice(0, 22));
    expect(new ClientHashes(Keyring.of(1, randomBytes(32))).of('203.0.113.8')).not.toBe(found);
  });

  it('is one for a /64 of IPv6 and for each spelling of IPv4', () => {
    const clients = hashes();
    expect(clients.of('2001:db8:1:2::3')).toBe(clients.of('2001:db8:1:2:ffff::'));
    expect(clients.of('2001:db8:1:2::3')).not.toBe(clients.of('2001:db8:1:3::3'));
    expect(clients.of('::ffff:203.0.113.8')).toBe(clients.of('203.0.113.8'));
    expect(clients.of('')).toBe(clients.of('unknown'));
  });

  it('differs for a token or a person from that of every IP address', () => {
    const clients = hashes();
    const made = ['203.0.113.8', 'token:1', 'person:1'].map((client) => clients.ofClient(client));
    expect(new Set([...made, clients.of('203.0.113.8'), clients.of('')]).size).toBe(5);
    for (const each of made) expect(each).toMatch(/^[\w-]{22}$/);
    expect(hashes().ofClient('token:1')).toBe(made[1]);
  });

  it('changes with the primary key, also for a known client', async () => {
    const holder = new KeyringHolder(Keyring.of(1, KEY));
    // One for each question: either must notice the new key by itself.
    const [networks, accounts] = [new ClientHashes(holder), new ClientHashes(holder)];
    const before = networks.of('203.0.113.8');
    const share = accounts.ofClient('token:1');
    await holder.replace(Keyring.of(2, randomBytes(32)));
    expect(networks.of('203.0.113.8')).not.toBe(before);
    expect(accounts.ofClient('token:1')).not.toBe(share);
  });
});
