import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { VaultTransit } from '../../src/crypto/vault-transit.provider.js';
import { startApp } from '../support/app-process.js';
import { startRedis } from '../support/redis-server.js';
import { startVault, type TestVault } from '../support/vault-server.js';
import { cli } from './kit/cli.js';
import { Client } from './kit/client.js';

const POLICY = ['encrypt', 'decrypt'].map(
  (verb) => `path "transit/${verb}/burnbag" { capabilities = ["update"] }`,
);
let vault: TestVault;
let token: string;
const transit = (over: Partial<{ address: string; token: string; key: string }> = {}) =>
  new VaultTransit({ address: vault.address, token, mount: 'transit', key: 'burnbag', ...over });

beforeAll(async () => {
  vault = await startVault();
  await vault.call('POST', 'sys/policies/acl/burnbag', { policy: POLICY.join('\n') });
  const made = await vault.call('POST', 'auth/token/create', { policies: ['burnbag'] });
  token = (made['auth'] as { client_token: string }).client_token;
}, 900_000);
afterAll(() => vault.stop());

describe('keys wrapped by the Transit engine of a real OpenBao', () => {
  it('come back as they were, also after Transit has rotated its own key', async () => {
    const key = randomBytes(32);
    const wrapped = await transit().wrap(key);
    expect(wrapped).toMatch(/^vault:v1:/);
    await vault.call('POST', 'transit/keys/burnbag/rotate');
    expect(await transit().unwrap(wrapped)).toEqual(key);
    expect(await transit().wrap(key)).toMatch(/^vault:v2:/);
  });

  it('are refused in words that hold no key and no token', async () => {
    const key = randomBytes(32);
    const wrapped = await transit().wrap(key);
    const flipped = wrapped.replace(/.{8}$/, 'AAAAAAA=');
    await expect(transit().unwrap(flipped)).rejects.toThrow(
      /Vault refuses to decrypt with transit\/burnbag: 400/,
    );
    await expect(transit({ token: 'stolen' }).unwrap(wrapped)).rejects.toThrow(/403 \(.*permission denied/);
    await expect(transit({ key: 'other' }).wrap(key)).rejects.toThrow(/403/);
    await expect(transit({ address: 'http://127.0.0.1:1' }).wrap(key)).rejects.toThrow(
      /Vault cannot be reached at/,
    );
  });

  it('serve a portal, whose key file alone opens nothing, and a rotation', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'burnbag-vault-keys-'));
    const file = join(folder, 'key-file');
    const key = randomBytes(32);
    writeFileSync(file, `1:${await transit().wrap(key)}\n`, { mode: 0o400 });
    const redis = await startRedis();
    const env = {
      BURNBAG_KEYS_FILE: file,
      VAULT_ADDR: vault.address,
      VAULT_TOKEN: token,
      VAULT_TRANSIT_KEY: 'burnbag',
      REDIS_URL: redis.url,
    };
    const app = await startApp({ env, redisUrl: redis.url });
    const client = new Client(app.url);
    try {
      const { id } = await client.create({ content: 'kept by Vault' });
      for (const args of [['add'], ['promote', '2'], ['rewrap']])
        expect(await cli(['keys', ...args], { ...env, DATA_DIR: app.dataDir })).toMatchObject({ code: 0 });
      expect(readFileSync(file, 'utf8')).toMatch(/^1:vault:v\d:\S+\n2:vault:v\d:\S+\n$/);
      const retired = await cli(['keys', 'retire', '1'], { ...env, DATA_DIR: app.dataDir });
      expect(retired).toMatchObject({ code: 0, err: '' });
      expect(readFileSync(file, 'utf8')).toMatch(/^1:retired:vault:v\d:\S+\n2:vault:v\d:\S+\n$/);
      expect((await client.get(id)).body).toMatchObject({ content: 'kept by Vault' });
      expect(app.output()).not.toContain(token);
      const alone = await cli(['keys', 'list'], { BURNBAG_KEYS_FILE: file, REDIS_URL: redis.url });
      expect(alone).toMatchObject({
        code: 2,
        err: expect.stringMatching(/is wrapped by Vault: set VAULT_ADDR/),
      });
    } finally {
      client.close();
      await app.stop();
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});
