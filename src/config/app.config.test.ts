import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { configAreas, validateEnvironment } from './app.config.js';
import { ConfigError } from './config.reader.js';
import { renderEnvExample } from './env-example.js';

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

  it('must name address and key in production, and says both at once', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('PUBLIC_URL must be set'),
      expect.stringContaining('BURNBAG_KEYS or BURNBAG_KEYS_FILE must be set'),
    ]);
  });

  it.each(['true', '*', '1', '0.0.0.0/0', '::/0'])('may not trust everybody as a proxy (%s)', (value) => {
    expect(problemsOf({ TRUST_PROXY: value })).toEqual([expect.stringContaining('TRUST_PROXY')]);
  });

  it('may not make the default life longer than the longest', () => {
    expect(problemsOf({ SECRET_TTL_DEFAULT_SECONDS: '11', SECRET_TTL_MAX_SECONDS: '10' })).toHaveLength(1);
  });

  it('names each setting once, with a meaning', () => {
    const fields = Object.values(configAreas).flatMap((area) => Object.values(area));
    expect(new Set(fields.map(({ env }) => env)).size).toBe(fields.length);
    for (const { doc } of fields) expect(doc.length).toBeGreaterThan(10);
  });

  it('is described by .env.example as the schema has it', () => {
    const written = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    expect(written).toBe(renderEnvExample());
  });
});
