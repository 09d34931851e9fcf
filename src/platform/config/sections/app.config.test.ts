import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { configAreas, validateEnvironment } from './app.config.js';
import { ConfigError } from '../config.reader.js';
import type { ConfigField } from '../config.schema.js';
import { renderEnvExample, renderSettings } from '../env-example.js';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    validateEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the environment', () => {
  it('may be empty', () => expect(problemsOf({})).toEqual([]));

  it('must name URL and key in production, and reports both at once', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('PUBLIC_URL must be set'),
      expect.stringContaining('BURNBAG_KEYS or BURNBAG_KEYS_FILE must be set'),
    ]);
  });

  it.each(['true', '*', '1', '0.0.0.0/0', '::/0'])('may not trust every client as a proxy (%s)', (value) => {
    expect(problemsOf({ TRUST_PROXY: value })).toEqual([expect.stringContaining('TRUST_PROXY')]);
  });

  it('may not make the default life longer than the longest', () => {
    expect(problemsOf({ SECRET_TTL_DEFAULT_SECONDS: '11', SECRET_TTL_MAX_SECONDS: '10' })).toHaveLength(1);
  });

  it.each([
    [{ REDIS_MODE: 'sentinel' }, ['REDIS_SENTINEL_MASTER must be set', 'REDIS_URLS must list the sentinels']],
    [{ REDIS_MODE: 'cluster' }, ['REDIS_URLS must list nodes of the cluster']],
    [{ REDIS_URLS: 'redis://a:1' }, ['REDIS_URLS is for REDIS_MODE=sentinel or cluster']],
    [{ REDIS_MODE: 'cluster', REDIS_URLS: 'redis://a', REDIS_URL: 'redis://b' }, ['REDIS_URL is for']],
    [{ REDIS_PASSWORD: 'x', REDIS_TLS: 'on' }, ['REDIS_PASSWORD is for', 'REDIS_TLS is for']],
    [{ BURN_QUORUM: '1' }, ['BURN_QUORUM needs a Redis with replicas']],
  ])('must name a Redis that REDIS_MODE can reach (%j)', (env, problems) => {
    expect(problemsOf(env)).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  it.each([
    ['redis://a,http://b', 'must list redis:// or rediss:// URLs'],
    [',,', 'must list redis:// or rediss:// URLs'],
    ['redis://a,rediss://b', 'must have the same scheme, name and password'],
    ['redis://:x@a,redis://:y@b', 'must have the same scheme, name and password'],
    ['redis://a/1', 'must name no database'],
  ])('lists servers that are reached in one way (%s)', (urls, problem) => {
    expect(problemsOf({ REDIS_MODE: 'cluster', REDIS_URLS: urls })[0]).toContain(`REDIS_URLS ${problem}`);
  });

  it('may name a cluster, a master behind sentinels, and a quorum', () => {
    expect(problemsOf({ REDIS_MODE: 'cluster', REDIS_URLS: 'redis://a, redis://b:7000' })).toEqual([]);
    const watched = { REDIS_URLS: 'rediss://:x@a:26379', REDIS_SENTINEL_MASTER: 'm', REDIS_PASSWORD: 'y' };
    expect(problemsOf({ REDIS_MODE: 'sentinel', ...watched, REDIS_TLS: 'on', BURN_QUORUM: '2' })).toEqual([]);
    expect(problemsOf({ REDIS_URL: 'redis://a', BURN_QUORUM: '1' })).toEqual([]);
  });

  it.each([
    [{ RATE_LIMIT_BLOCK_SECONDS: '61' }, ['CLAIM_LEASE_SECONDS (60)']],
    [{ CLAIM_LEASE_SECONDS: '30' }, ['CLAIM_LEASE_SECONDS (30)']],
    [{ FILE_LEASE_SECONDS: '59' }, ['FILE_LEASE_SECONDS (59)']],
    [{ RATE_LIMIT_BLOCK_SECONDS: '900' }, ['CLAIM_LEASE_SECONDS (60)', 'FILE_LEASE_SECONDS (600)']],
    [{ RATE_LIMIT_BLOCK_SECONDS: '60', CLAIM_LEASE_SECONDS: '60', FILE_LEASE_SECONDS: '60' }, []],
    [{ RATE_LIMIT_BLOCK_SECONDS: '900', RATE_LIMIT: 'off' }, []],
  ])('may not block a client for longer than a lease (%j)', (env, leases) => {
    expect(problemsOf(env)).toEqual(
      leases.map(() =>
        expect.stringMatching(/^RATE_LIMIT_BLOCK_SECONDS \(\d+\) must not be above .*outlive the lease/),
      ),
    );
    leases.forEach((lease, at) => expect(problemsOf(env)[at]).toContain(lease));
  });

  it('may not give a client a share of uploads below the largest files', () => {
    const below = { FILE_MAX_BYTES: '1000', UPLOAD_SHARE_BYTES: '999' };
    expect(problemsOf(below)).toEqual([expect.stringContaining('UPLOAD_SHARE_BYTES must not be below')]);
    for (const share of ['0', '1000'])
      expect(problemsOf({ ...below, UPLOAD_SHARE_BYTES: share })).toEqual([]);
  });

  it('may not limit the texts of an hour below the largest one, sealed', () => {
    const below = { SECRET_MAX_BYTES: '1000', SECRET_CLIENT_BYTES_PER_HOUR: '1999' };
    expect(problemsOf(below)).toEqual([expect.stringContaining('must be at least twice SECRET_MAX_BYTES')]);
    for (const bytes of ['0', '2000'])
      expect(problemsOf({ ...below, SECRET_CLIENT_BYTES_PER_HOUR: bytes })).toEqual([]);
  });

  it('names each setting once, with a meaning', () => {
    const fields = Object.values(configAreas).flatMap((area) => Object.values(area));
    expect(new Set(fields.map(({ env }) => env)).size).toBe(fields.length);
    for (const { doc } of fields) expect(doc.length).toBeGreaterThan(10);
  });

  it('accepts each secret from a file, too, and names each file that it cannot read', () => {
    const fields = Object.values(configAreas).flatMap((area) => Object.values<ConfigField<unknown>>(area));
    const names = fields.map(({ env }) => env);
    const secret =
      /PASSWORD|SECRET_ACCESS|CLIENT_SECRET|ACCESS_KEY|TOKEN$|_HEADERS$|^BURNBAG_KEYS$|^(REDIS|DATABASE)_URLS?$/;
    const held = fields.filter(({ env }) => secret.test(env));
    expect(held.length).toBeGreaterThan(6);
    for (const { env, secret: isRead = false } of held)
      expect([env, isRead || names.includes(`${env}_FILE`)]).toEqual([env, true]);
    for (const { env } of fields.filter((field) => field.secret)) {
      const problems = problemsOf({ [`${env}_FILE`]: '/nowhere/at/all' });
      expect(problems).toContainEqual(`${env} cannot be read from ${env}_FILE (ENOENT)`);
      expect(problemsOf({ [`${env}_FILE`]: '/nowhere', [env]: 'x' })).toContainEqual(
        expect.stringContaining(`${env} is set twice`),
      );
    }
  });

  it('is described by .env.example as the schema has it', () => {
    const written = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8');
    expect(written).toBe(renderEnvExample());
  });

  it('is described by docs/operations.md as the schema has it', () => {
    const written = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    expect(written).toBe(renderSettings(written));
  });
});
