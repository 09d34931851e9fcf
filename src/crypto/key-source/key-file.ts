import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, linkSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { inDataDir, makeDataDir } from '../../platform/data-dir/private-folder.js';
import { KEY_BYTES } from '../envelope/aead.js';
import { KeySourceError } from '../crypto.errors.js';
import { formatKey } from '../keyring/keyring.spec-format.js';

const MAX_FILE_BYTES = 65_536;
const GROUP_AND_OTHERS = 0o077;

/**
 * Reads a key file that only its owner can open (0400 or 0600). Mode and content come from one open
 * descriptor, so that the file cannot be swapped in between.
 * @returns undefined when the file does not exist
 * @throws KeySourceError when it is readable to others, not a regular file, or cannot be read
 */
export function readKeyFile(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new KeySourceError(`the key file ${path} cannot be read (${codeOf(error)})`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new KeySourceError(`the key file ${path} is not a regular file`);
    if (stat.size > MAX_FILE_BYTES)
      throw new KeySourceError(`the key file ${path} is too large for a key file`);
    if (stat.mode & GROUP_AND_OTHERS) {
      throw new KeySourceError(`the key file ${path} is open to others than its owner: chmod 0400 ${path}`);
    }
    const content = Buffer.alloc(stat.size);
    return content.toString('utf8', 0, readSync(fd, content, 0, stat.size, 0));
  } finally {
    closeSync(fd);
  }
}

/**
 * Creates a key file with one fresh key, id 1. It appears atomically, and never replaces another: of several
 * processes that start at once one succeeds (link refuses an existing name, rename would not).
 */
export function createKeyFile(path: string): void {
  const key = randomBytes(KEY_BYTES);
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const lines = [
    '# Made by Burnbag for development. With this file, the store and a link a secret can be read.',
  ];
  makeDataDir(dirname(path));
  const fd = inDataDir(dirname(path), () => openSync(draft, 'wx', 0o400));
  try {
    writeSync(fd, `${[...lines, formatKey(1, key)].join('\n')}\n`);
    fsyncSync(fd);
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    key.fill(0);
    closeSync(fd);
    rmSync(draft, { force: true });
  }
  syncDirectory(dirname(path));
}

/** Makes the names in a folder survive a power cut. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The code of an error of the file system. */
export function codeOf(error: unknown): string {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}
