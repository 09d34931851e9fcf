/** A PostgreSQL's folder for tests and measurements. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NOBODY } from '../../scripts/lib/obtain-postgres.mjs';
import { isRoot } from '../../scripts/lib/shell.mjs';

/** PostgreSQL refuses to run as root, who therefore runs it as nobody. */
export const postgresUser = isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
/** Time zones of a downloaded PostgreSQL are not where it looks for them. */
export const postgresEnv = { LC_ALL: 'C', TZ: 'GMT' };

/**
 * A new, empty cluster, whose superuser `burnbag` is trusted.
 * @param {string} bin the folder of PostgreSQL's programs
 * @param {string} name of the new folder, which {@link postgresUser} owns
 * @returns {{dir: string, data: string}} that folder, and the cluster's in it
 */
export function layCluster(bin, name) {
  const dir = mkdtempSync(join(tmpdir(), name));
  if (isRoot()) chownSync(dir, NOBODY, NOBODY);
  const data = join(dir, 'data');
  const args = ['-D', data, '-U', 'burnbag', '-E', 'UTF8', '--locale=C', '-A', 'trust', '--no-sync'];
  execFileSync(join(bin, 'initdb'), args, {
    ...postgresUser,
    cwd: dir,
    env: { ...process.env, ...postgresEnv },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { dir, data };
}
