import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { VaultTransit } from '../../src/crypto/key-source/vault-transit.provider.js';
import { startApp } from '../support/app-process.js';
import { freePort } from '../support/free-port.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { OBTAIN_VAULT_MS, startVault, type TestVault } from '../support/vault-server.js';
import { cli } from './kit/cli.js';
import { Client } from './kit/client.js';
import { refusal } from './kit/refusal.js';

const POLICY = ['encrypt', 'decrypt'].map(
  (verb) => `path "transit/${verb}/burnbag" { capabilities = ["update"] }`,
);
let vault: TestVault;
let redis: TestRedis;
let token: string;
let folder: string;
let file: string;
const transit = (over: Partial<{ address: string; token: string; key: string; mount: string }> = {}) =>
  new VaultTransit({ address: vault.address, token, mount: 'transit', key: 'burnbag', ...over });
const settings = () => ({
  BURNBAG_KEYS_FILE: file,
  VAULT_ADDR: vault.address,
  VAULT_TOKEN: token,
  VAULT_TRANSIT_KEY: 'burnbag',
  REDIS_URL: redis.url,
});

beforeAll(async () => {
  vault = await startVault();
  redis = await startRedis();
  folder = mkdtempSync(join(tmpdir(), 'burnbag-vault-keys-'));
  file = join(folder, 'key-file');
  await vault.call('POST', 'sys/policies/acl/burnbag', { policy: POLICY.join('\n') });
  const made = await vault.call('POST', 'auth/token/create', { policies: ['burnbag'] });
  token = (made['auth'] as { client_token: string }).client_token;
}, OBTAIN_VAULT_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await vault.stop();
});

describe('keys wrapped by the Transit engine of a real OpenBao', () => {
  it('come back as they were, also after Transit has rotated its own key', async () => {
    const key = randomBytes(32);
    const wrapped = await transit().wrap(key);
    expect(wrapped).toMatch(/^vault:v1:/);
    await vault.call('POST', 'transit/keys/burnbag/rotate');
    expect(await transit().unwrap(wrapped)).toEqual(key);
    expect(await transit().wrap(key)).toMatch(/^vault:v2:/);
  });

  it('are refused in words that say what to look at, and hold no key and no token', async () => {
    const key = randomBytes(32);
    const wrapped = await transit().wrap(key);
    const flipped = wrapped.replace(/.{8}$/, 'AAAAAAA=');
    const refused = async (answer: Promise<unknown>, words: RegExp): Promise<void> => {
      const said = await answer.then(
        () => 'it was not refused',
        (error: unknown) => String(error),
      );
      expect(said).toMatch(words);
      for (const secret of [token, wrapped, key.toString('base64')]) expect(said).not.toContain(secret);
    };
    await refused(
      transit().unwrap(flipped),
      /refuses to decrypt with transit\/burnbag: 400 .*key file was wrapped by/,
    );
    await refused(transit({ token: 'stolen' }).unwrap(wrapped), /403 \(.*permission denied.*VAULT_TOKEN/);
    await refused(transit({ key: 'other' }).wrap(key), /403 .*its policy allows/);
    const root = { token: vault.token };
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    await refused(transit({ ...root, key: 'other' }).unwrap(wrapped), /400 \(.*VAULT_TRANSIT_KEY/);
    await refused(transit({ ...root, mount: 'elsewhere' }).wrap(key), /404 \(.*VAULT_TRANSIT_MOUNT/);
    await refused(transit({ address: nowhere }).wrap(key), /cannot be reached at http.*REFUSED/);
  });

  it('serve a portal, whose key file alone opens nothing, and a rotation', async () => {
    // As docs/keys.md makes the first one: Vault draws the key, and never reveals it.
    const made = await vault.call('POST', 'transit/datakey/wrapped/burnbag', {});
    writeFileSync(file, `1:${(made['data'] as { ciphertext: string }).ciphertext}\n`, { mode: 0o400 });
    const dataDir = join(folder, 'data');
    const start = () => startApp({ env: settings(), redisUrl: redis.url, dataDir });
    const keys = (...args: string[]) => cli(['keys', ...args], { ...settings(), DATA_DIR: dataDir });
    const first = await start();
    const client = new Client(first.url);
    const { id } = await client.create({ content: 'kept by Vault' });
    client.close();
    for (const args of [['add'], ['promote', '2'], ['rewrap']])
      expect(await keys(...args)).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^1:vault:v\d:\S+\n2:vault:v\d:\S+\n$/);
    await first.stop();
    expect(await keys('retire', '1')).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^1:retired:vault:v\d:\S+\n2:vault:v\d:\S+\n$/);
    const next = await start();
    const reader = new Client(next.url);
    expect((await reader.get(id)).body).toMatchObject({ content: 'kept by Vault' });
    reader.close();
    await next.stop();
    for (const { output } of [first, next]) expect(output()).not.toContain(token);
    const alone = await cli(['keys', 'list'], { BURNBAG_KEYS_FILE: file, REDIS_URL: redis.url });
    expect(alone).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is wrapped by Vault: set VAULT_ADDR/),
    });
  });
});

describe('a start refuses, and says what to look at', () => {
  it('a token that Vault does not know', async () => {
    const said = await refusal({ ...settings(), VAULT_TOKEN: 'run-out' }, redis.url);
    expect(said).toMatch(/Vault refuses to decrypt with transit\/burnbag: 403 .*VAULT_TOKEN/);
    expect(said).not.toContain('run-out');
  });

  it('a key that Transit does not have', async () => {
    const unknown = { ...settings(), VAULT_TOKEN: vault.token, VAULT_TRANSIT_KEY: 'other' };
    expect(await refusal(unknown, redis.url)).toMatch(/with transit\/other: 400 .*VAULT_TRANSIT_KEY/);
  });

  it('a Vault that is sealed, and one that is not there', async () => {
    await vault.call('POST', 'sys/seal');
    expect(await refusal(settings(), redis.url)).toMatch(/503 \(.*sealed\). Unseal it/);
    await vault.stop();
    expect(await refusal(settings(), redis.url)).toMatch(/Vault cannot be reached at http.*ECONNREFUSED/);
  });
});
