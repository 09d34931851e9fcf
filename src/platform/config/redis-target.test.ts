import { describe, expect, it } from '@jest/globals';

import { redisArea } from './sections/redis.config.js';
import { readArea } from './config.reader.js';
import { configuredTarget } from './redis-target.js';

const targetOf = (env: Record<string, string>) => configuredTarget(readArea(redisArea, env, []));
const NO_LOGIN = { username: undefined, password: undefined, tls: false };

describe('the Redis that the settings name', () => {
  it('is none without any, and one server by its URL', () => {
    expect(targetOf({})).toBeUndefined();
    expect(targetOf({ REDIS_URL: 'redis://a/2' })).toEqual({
      mode: 'single',
      endpoint: { host: 'a', port: 6_379 },
      login: NO_LOGIN,
      database: 2,
    });
  });

  it('is a cluster by some of its nodes', () => {
    const REDIS_URLS = 'rediss://bb:p%40ss@one:7000, rediss://bb:p%40ss@[::1]';
    expect(targetOf({ REDIS_MODE: 'cluster', REDIS_URLS })).toEqual({
      mode: 'cluster',
      nodes: [
        { host: 'one', port: 7_000 },
        { host: '::1', port: 6_379 },
      ],
      login: { username: 'bb', password: 'p@ss', tls: true },
    });
  });

  it('is a master behind sentinels, each with a password of its own', () => {
    const env = { REDIS_MODE: 'sentinel', REDIS_SENTINEL_MASTER: 'portal', REDIS_PASSWORD: 'of the master' };
    expect(targetOf({ ...env, REDIS_URLS: 'redis://:watch@s1,redis://:watch@s2:1' })).toEqual({
      mode: 'sentinel',
      sentinels: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 1 },
      ],
      sentinelLogin: { ...NO_LOGIN, password: 'watch' },
      master: 'portal',
      login: { ...NO_LOGIN, password: 'of the master' },
    });
  });
});
