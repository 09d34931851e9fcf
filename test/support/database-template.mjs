/**
 * An initialised, migrated embedded database to copy: making one takes seconds, and the tests start hundreds of apps.
 * It has no name of its own yet (audit_trail), so that no two copies share one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { cacheRoot, PlainError, projectRoot, say } from '../../scripts/lib/shell.mjs';

const PREFIX = 'database-template-';
const DAY_MS = 24 * 3_600_000;
const PGLITE = join(projectRoot, 'node_modules', '@electric-sql', 'pglite', 'package.json');

async function make(build, target) {
  const importOf = (name) => import(pathToFileURL(join(build, 'database', name)).href);
  const { openDatabase } = await importOf('open-database.js');
  const { migrate } = await importOf('migrate.js');
  const database = await openDatabase(target);
  await migrate(database);
  await database.close();
}

/**
 * Makes the tables in a process of its own, whose memory ends with it.
 * @param {string} main the built app's main.js
 * @param {{url: string} | {dataDir: string}} target
 * @throws {PlainError} when they cannot be made
 */
export function migrateInProcess(main, target) {
  const args = [fileURLToPath(import.meta.url), dirname(main), JSON.stringify(target)];
  const made = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (made.status !== 0) throw new PlainError(`no database could be made: ${made.stderr}`);
}

function hashOf(folder) {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.js'))
    .sort()) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(folder, name)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** Of other versions; a young one may be in use by tests of another build. */
function removeOld() {
  for (const name of readdirSync(cacheRoot)) {
    const path = join(cacheRoot, name);
    if (!name.startsWith(PREFIX) || Date.now() - statSync(path).mtimeMs < DAY_MS) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

/**
 * @param {string} main the built app's main.js
 * @returns {string | undefined} a DATA_DIR to copy `pg` from; undefined where nothing is built that could make one
 * @throws {PlainError} when it cannot be made
 */
export function obtainDatabaseTemplate(main) {
  const build = dirname(main);
  const migrations = join(build, 'database', 'migrations');
  if (!existsSync(migrations)) return undefined;
  const { version } = JSON.parse(readFileSync(PGLITE, 'utf8'));
  const template = join(cacheRoot, `${PREFIX}${version}-${hashOf(migrations)}`);
  if (existsSync(template)) return template;
  say('making an embedded database for the tests to copy');
  removeOld();
  const draft = `${template}.partial-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    migrateInProcess(main, { dataDir: draft });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  renameSync(draft, template);
  return template;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await make(process.argv[2], JSON.parse(process.argv[3]));
}
