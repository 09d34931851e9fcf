import { describe, expect, it } from '@jest/globals';

import { checkServer } from './boot-checks.js';

const info = (version: string, policy = 'noeviction') =>
  `# Server\r\nredis_version:${version}\r\n# Memory\r\nmaxmemory_policy:${policy}\r\n`;

describe('the check of a server', () => {
  it.each([
    ['6.2.0', 6, 2],
    ['7.0.15', 7, 0],
    ['8.0.1', 8, 0],
    ['10.1.0', 10, 1],
  ])('takes %s', (version, major, minor) => {
    expect(checkServer(info(version))).toEqual({ major, minor });
  });

  it.each(['6.0.16', '5.0.7', '2.8.0', ''])('refuses %s as too old', (version) => {
    expect(() => checkServer(info(version))).toThrow('use Redis 6.2 or newer');
  });

  it.each(['allkeys-lru', 'volatile-ttl', 'allkeys-random'])(
    'refuses the policy %s, which evicts secrets',
    (policy) => {
      expect(() => checkServer(info('7.2.0', policy))).toThrow('set "maxmemory-policy noeviction"');
    },
  );
});
