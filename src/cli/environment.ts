import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

import { validateEnvironment } from '../platform/config/sections/app.config.js';

/**
 * Sets up the environment as for the portal: `.env` of the working folder, below variables that are set
 * already.
 * @throws ConfigError with every problem at once
 */
export function loadEnvironment(): void {
  if (existsSync('.env')) {
    for (const [name, value] of Object.entries(parseEnv(readFileSync('.env', 'utf8'))))
      process.env[name] ??= value;
  }
  validateEnvironment(process.env);
}
