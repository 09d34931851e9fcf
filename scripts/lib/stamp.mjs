/**
 * Stamps tell whether something must be made again: the hash of its inputs, stored beside npm's own record.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from './shell.mjs';

const stampFile = (name) => join(projectRoot, 'node_modules', '.cache', 'burnbag', `${name}.stamp`);

function* filesBelow(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== 'node_modules' && name !== 'dist') yield* filesBelow(join(path, name));
  }
}

/**
 * @param {string[]} paths files and folders, relative to the project; tests below them do not count
 * @returns {string} hex SHA-256 over names and contents
 */
export function contentHash(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(join(projectRoot, path))) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash
        .update(`${relative(projectRoot, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** @returns {boolean} whether `name` was last made from exactly this */
export function isStamped(name, hash) {
  const file = stampFile(name);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

export function stamp(name, hash) {
  const file = stampFile(name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, hash);
}
