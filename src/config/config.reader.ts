import { readFileSync } from 'node:fs';

import type { AreaValues, ConfigArea, ConfigField, Environment } from './config.schema.js';

/** Every problem of the configuration at once, one line each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

function rawValue(field: ConfigField<unknown>, env: Environment): string | undefined {
  const direct = env[field.env];
  const file = field.secret ? env[`${field.env}_FILE`] : undefined;
  if (direct !== undefined && direct !== '' && file) {
    throw new Error(`is set twice: as ${field.env} and as ${field.env}_FILE`);
  }
  if (file) {
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      throw new Error(`cannot be read from ${field.env}_FILE (${(error as NodeJS.ErrnoException).code})`, {
        cause: error,
      });
    }
  }
  // An empty variable counts as unset: compose files and .env templates produce them.
  return direct === '' ? undefined : direct;
}

/**
 * Reads one area from the environment.
 * @param problems collects one line for each unusable setting; the fallback stands in for it.
 */
export function readArea<A extends ConfigArea>(area: A, env: Environment, problems: string[]): AreaValues<A> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(area)) {
    values[name] = field.fallback;
    try {
      const raw = rawValue(field, env);
      if (raw !== undefined) values[name] = field.parse(raw);
    } catch (error) {
      problems.push(`${field.env} ${(error as Error).message}`);
    }
  }
  return values as AreaValues<A>;
}
