import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { databaseConfig } from '../platform/config/sections/app.config.js';
import type { Database } from '../database/database.port.js';
import { openDatabase } from '../database/open-database.js';

/**
 * The portal's configured database, read-only; when a portal runs on the embedded one, its process answers
 * the queries.
 * @returns undefined when there is none @throws DatabaseAwayError, DatabaseUnfitError
 */
export async function openTrail(dataDir: string): Promise<Database | undefined> {
  const { url } = databaseConfig();
  if (url !== undefined) return openDatabase({ url });
  if (!existsSync(join(dataDir, 'pg'))) return undefined;
  return openDatabase({ dataDir }, { door: true });
}
