import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataDirError } from './data-dir.errors.js';

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the closing zero. */
const SOCKET_PATH_MAX_BYTES = 100;

/** The longest name that a lock's socket has on its way, see DataDirLock. */
const LONGEST_SOCKET = 'burnbag.lock.12345678.stale';

const CODES = {
  EACCES: 'this user has no right to',
  EPERM: 'this user has no right to',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its file system is full',
  EDQUOT: 'the quota of this user is used up',
};

/**
 * Does what needs DATA_DIR to be there and writable.
 * @throws DataDirError in one line, for every error of the file system
 */
export function inDataDir<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    const why = Object.entries(CODES).find(([known]) => known === code)?.[1];
    throw new DataDirError(
      `${path} cannot be written (${why === undefined ? code : `${code}: ${why}`}): set DATA_DIR to a folder that the user who runs Burnbag may write`,
      { cause: error },
    );
  }
}

/** Makes DATA_DIR. @returns its real path @throws DataDirError */
export function makeDataDir(dataDir: string): string {
  return inDataDir(dataDir, () => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return realpathSync(dataDir);
  });
}

/**
 * Makes a folder that only this user reaches (0700), and writes to it once.
 * @throws DataDirError when what is there belongs to another user, or cannot be written
 */
export function makePrivateFolder(path: string): void {
  inDataDir(path, () => makeOwnFolder(path));
}

function makeOwnFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  // A folder in a shared place may have been laid there by somebody else, to read what we say to Redis.
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new DataDirError(`${path} is not a folder of the user that runs Burnbag`);
  }
  chmodSync(path, 0o700);
  const probe = join(path, `.write-${randomUUID()}`);
  closeSync(openSync(probe, 'wx', 0o600));
  rmSync(probe);
}

/** Sockets live in the folder itself unless its path is too long for one; then in a private folder of the temp dir. */
export function makeSocketFolder(folder: string): string {
  if (Buffer.byteLength(join(folder, LONGEST_SOCKET)) <= SOCKET_PATH_MAX_BYTES) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const sockets = join(tmpdir(), `burnbag-${name}`);
  makePrivateFolder(sockets);
  return sockets;
}

/** Removes the sockets' folder in the temp dir, where there is one; the data stays. */
export function removeSocketFolder(folder: string, sockets: string): void {
  if (folder === sockets) return;
  try {
    rmdirSync(sockets);
  } catch {
    // Not empty: the next start is already in it.
  }
}
