import { readFileSync } from 'node:fs';

import type { AreaValues, ConfigArea, ConfigField, Environment } from './config.schema.js';

/** Every problem of the configuration at once, one line each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const CONTROL = /\p{Cc}/u;

function rawValue(field: ConfigField<unknown>, env: Environment): string | undefined {
  const direct = env[field.env];
  const file = field.secret ? env[`${field.env}_FILE`] : undefined;
  if (direct !== undefined && direct !== '' && file) {
    throw new Error(`is set twice: as ${field.env} and as ${field.env}_FILE`);
  }
  if (file) {
    const value = readValue(field, file);
    return value === '' ? undefined : whole(value, ` in the file of ${field.env}_FILE`);
  }
  // An empty variable counts as unset: compose files and .env templates produce them.
  return direct === '' || direct === undefined ? undefined : whole(direct);
}

function readValue({ env }: ConfigField<unknown>, file: string): string {
  try {
    // Some editors begin a file with an invisible byte order mark.
    const content = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    let end = content.length;
    while (content[end - 1] === '\n' || content[end - 1] === '\r') end -= 1;
    return content.slice(0, end);
  } catch (error) {
    throw new Error(`cannot be read from ${env}_FILE (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}

/** Blanks around a value would become part of links, names and passwords. */
function whole(value: string, where = ''): string {
  if (value !== value.trim()) throw new Error(`begins or ends with a blank or a line end${where}: remove it`);
  if (CONTROL.test(value))
    throw new Error(`holds a line end or another control character${where}: remove it`);
  return value;
}

/**
 * Reads one area from the environment.
 * @param problems collects one line for each unusable setting, which gets the default instead
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
