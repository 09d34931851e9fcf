import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { Client } from '../int/kit/client.js';
import { keyspace, connectTo, newKeys } from '../int/kit/portal.js';
import { refusal } from '../int/kit/refusal.js';
import { startApp } from '../support/app-process.js';
import { startRedis } from '../support/redis-server.js';

const folder = mkdtempSync(join(tmpdir(), 'burnbag-boot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a start refuses, and says what to set', () => {
  it('a Redis that would evict live secrets', async () => {
    const redis = await startRedis({ config: { 'maxmemory-policy': 'allkeys-lru' } });
    const said = await refusal({}, redis.url);
    expect(said).toContain('maxmemory-policy is allkeys-lru; set "maxmemory-policy noeviction"');
  });

  it('other key bytes under the same id, and touches nothing', async () => {
    const redis = await startRedis();
    const first = await startApp({ env: { BURNBAG_KEYS: newKeys() }, redisUrl: redis.url });
    const client = new Client(first.url);
    await client.create();
    client.close();
    await first.stop();
    const db = connectTo(redis);
    const before = await keyspace(db);
    const said = await refusal({ BURNBAG_KEYS: newKeys() }, redis.url);
    expect(said).toContain('Key 1 is not the key 1 that this Redis was used with');
    expect(await keyspace(db)).toEqual(before);
    db.disconnect();
  });

  it('a Redis that is not there', async () => {
    const said = await refusal({}, 'redis://:hunter2@127.0.0.1:1');
    expect(said).toContain('Redis cannot be reached: connect ECONNREFUSED 127.0.0.1:1. Check REDIS_URL');
    expect(said).not.toContain('hunter2');
  });

  it.each([
    ['REDIS_URL', 'redis://:hunter2@ss/w:rd@127.0.0.1:1'],
    ['REDIS_URL', 'redis://127.0.0.1:1/hunter2'],
    ['REDIS_URL', 'redis://:hunter2%off@127.0.0.1:1'],
    ['DATABASE_URL', 'postgres://u:hunter2@ss/w:rd@127.0.0.1:1/db'],
    ['DATABASE_URL', 'postgres://u:hunter2-50%off@127.0.0.1:1/db'],
    ['S3_ENDPOINT', 'http://u:hunter2@127.0.0.1:1'],
    ['OIDC_ISSUER', 'https://u:hunter2@127.0.0.1:1'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://u:hunter2@127.0.0.1:1'],
    ['PUBLIC_URL', 'https://burn.example\n'],
    ['PUBLIC_URL', 'https://burn.example '],
  ])('%s=%j in one line, which holds nothing of it', async (name, value) => {
    const said = await refusal({ [name]: value });
    const lines = said.split('\n').filter((line) => line.trim() !== '');
    expect(lines.slice(1)).toEqual([
      'The configuration is not usable:',
      expect.stringMatching(new RegExp(`^  - ${name} `)),
    ]);
    expect(said).not.toMatch(/hunter2|w:rd|\bss\b|50%|ENOTFOUND/);
  });

  it.each([
    ['the embedded Redis', {}],
    ['the embedded database', { REDIS_URL: 'redis://127.0.0.1:1' }],
    ['the files', { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgres://127.0.0.1:1/x' }],
  ])('a DATA_DIR that cannot be written, for %s', async (_, env) => {
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    const said = await refusal({ ...env, DATA_DIR: join(file, 'data') });
    expect(said).toMatch(
      /^DATA_DIR: \S*no-folder\S* cannot be written \(ENOTDIR: a file is in the place of a folder\): set it/m,
    );
  });

  it('an embedded Redis whose program is not there', async () => {
    const said = await refusal({ REDIS_SERVER_BIN: join(folder, 'no-such-server') });
    expect(said).toContain('no-such-server');
  });

  it('every problem of the environment at once', async () => {
    const said = await refusal({
      NODE_ENV: 'production',
      CLAIM_LEASE_SECONDS: 'soon',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: '0.0.0.0/0',
      REDIS_URL: 'http://elsewhere',
      SECRET_TTL_MAX_SECONDS: '10',
    });
    for (const name of [
      'PUBLIC_URL must be set in production',
      'BURNBAG_KEYS or BURNBAG_KEYS_FILE must be set in production',
      'CLAIM_LEASE_SECONDS must be a whole number from 1 to 3600',
      'LOG_LEVEL must be one of',
      'TRUST_PROXY must list IP addresses',
      'REDIS_URL must be an absolute URL',
      'SECRET_TTL_DEFAULT_SECONDS must not be above SECRET_TTL_MAX_SECONDS',
    ]) {
      expect(said).toContain(name);
    }
  });

  it('a key file that others can read, and a key that is none', async () => {
    const redis = await startRedis();
    const file = join(folder, 'keys');
    writeFileSync(file, newKeys());
    chmodSync(file, 0o644);
    expect(await refusal({ BURNBAG_KEYS_FILE: file }, redis.url)).toContain('0400');
    const short = await refusal({ BURNBAG_KEYS: '1:c2hvcnQ=' }, redis.url);
    expect(short).toMatch(/32 bytes|key 1/);
    expect(short).not.toContain('c2hvcnQ');
  });
});

describe('a start in production', () => {
  it('works with an address and a key', async () => {
    const redis = await startRedis();
    const env = { NODE_ENV: 'production', PUBLIC_URL: 'https://burn.example', BURNBAG_KEYS: newKeys() };
    const app = await startApp({ env, redisUrl: redis.url });
    const client = new Client(app.url);
    const { id, url, receiptUrl } = await client.create();
    expect(url).toBe(`https://burn.example/s/${id}`);
    expect(receiptUrl).toMatch(/^https:\/\/burn\.example\/r#/);
    const { headers } = await client.status(id);
    expect(headers['strict-transport-security']).toContain('max-age=');
    client.close();
    expect(await app.stop()).toBe(0);
  });
});
