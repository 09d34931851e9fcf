import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { DataDirError } from '../../platform/data-dir/data-dir.errors.js';
import { DataDirLock } from '../../platform/data-dir/data-dir.lock.js';
import { makeSocketFolder } from '../../platform/data-dir/private-folder.js';
import { KeySourceError } from '../crypto.errors.js';
import { codeOf, syncDirectory } from './key-file.js';
import { requireKeyFile } from '../keyring/keyring.loader.js';
import { parseEntries } from '../keyring/keyring.spec-format.js';

/**
 * Replaces a key file atomically: the new file has the owner and the mode of the old one, and takes its name
 * in one step. Only one edit runs at a time, and a concurrent change by other means is not lost.
 * @param edit maps the text of the file to the new text; it may take its time
 * @throws KeySourceError when the file cannot be changed, or the new one could not be used
 */
export async function editKeyFile(
  path: string,
  edit: (spec: string) => string | Promise<string>,
): Promise<void> {
  // A name that is a symbolic link remains one.
  const real = realpathSync(path);
  const lock = await takeTurn(real);
  try {
    const before = requireKeyFile(real);
    const after = await edit(before);
    parseEntries(after, path);
    replace(real, before, after);
  } finally {
    await lock.release();
  }
}

async function takeTurn(real: string): Promise<DataDirLock> {
  try {
    return await DataDirLock.acquire(join(makeSocketFolder(dirname(real)), 'keys.lock'), real);
  } catch (error) {
    if (error instanceof DataDirError)
      throw new KeySourceError(`another process is changing ${real} at this moment: try again`);
    throw new KeySourceError(unwritable(real, error));
  }
}

function replace(path: string, before: string, after: string): void {
  const { mode, uid, gid } = statSync(path);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const fd = openSync(draft, 'wx', 0o600);
    try {
      writeSync(fd, after);
      // Root may do this for the user that the portal runs as.
      if (process.getuid?.() === 0) fchownSync(fd, uid, gid);
      fchmodSync(fd, mode & 0o777);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (requireKeyFile(path) !== before)
      throw new KeySourceError(`${path} was changed by another process meanwhile: try again`);
    renameSync(draft, path);
    syncDirectory(dirname(path));
  } catch (error) {
    throw error instanceof KeySourceError ? error : new KeySourceError(unwritable(path, error));
  } finally {
    rmSync(draft, { force: true });
  }
}

function unwritable(path: string, error: unknown): string {
  return `${path} cannot be changed from here (${codeOf(error)}): change it where it comes from`;
}
