import { constants, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Puts a copy of the set-up's embedded database into a DATA_DIR without one: creating it takes seconds. */
export function layDatabase(dataDir: string): void {
  const template = process.env['BURNBAG_TEST_TEMPLATE'];
  const folder = join(dataDir, 'pg');
  if (template === undefined || existsSync(folder)) return;
  cpSync(join(template, 'pg'), folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
}
