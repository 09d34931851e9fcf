import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { DataDirError } from './data-dir.errors.js';

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the closing zero. */
const SOCKET_PATH_MAX_BYTES = 100;

/** The longest temporary name of a lock's socket, see DataDirLock. */
const LONGEST_SOCKET = 'burnbag.lock.12345678.stale';

const PROBE_BYTES = 4_096;

const CODES = {
  EACCES: 'this user has no right to',
  EPERM: 'this user has no right to',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its file system is full',
  EDQUOT: 'the quota of this user is used up',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in the place of a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
};

/** @returns a DataDirError in one line for every error of the file system; any other error as it is */
export function asDataDirError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  const why = Object.entries(CODES).find(([known]) => known === code)?.[1];
  return new DataDirError(
    `DATA_DIR: ${path} cannot be written (${why === undefined ? code : `${code}: ${why}`}): set it to a folder that the user who runs Burnbag may write`,
    { cause: error },
  );
}

/**
 * Runs work that needs a writable DATA_DIR.
 * @throws DataDirError in one line, for every error of the file system
 */
export function inDataDir<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asDataDirError(error, path);
  }
}

/** A recursive mkdir fails with ENOENT for every refusal; a plain one gives the reason. */
export function whyNoFolder(path: string, told: unknown): unknown {
  let missing = path;
  while (!existsSync(dirname(missing))) missing = dirname(missing);
  try {
    if (!existsSync(missing)) mkdirSync(missing, { mode: 0o700 });
    return told;
  } catch (error) {
    return error;
  }
}

function makeFolders(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw whyNoFolder(path, error);
  }
}

/** Creates DATA_DIR. @returns its real path @throws DataDirError */
export function makeDataDir(dataDir: string): string {
  return inDataDir(dataDir, () => {
    makeFolders(dataDir);
    return realpathSync(dataDir);
  });
}

/**
 * Creates a private folder (0700), and writes to it once.
 * @throws DataDirError when the existing one has another owner, or cannot be written
 */
export function makePrivateFolder(path: string): void {
  inDataDir(path, () => makeOwnFolder(path));
}

function makeOwnFolder(path: string): void {
  makeFolders(path);
  const found = lstatSync(path);
  // A folder in a shared place may belong to another user, who would read our traffic with Redis.
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new DataDirError(`${path} is not a folder of the user that runs Burnbag`);
  }
  chmodSync(path, 0o700);
  tryWriting(path);
}

/** An empty file can still be created on a full disk: so a block is written. */
function tryWriting(folder: string): void {
  const probe = join(folder, `.write-${randomUUID()}`);
  const fd = openSync(probe, 'wx', 0o600);
  try {
    writeSync(fd, Buffer.alloc(PROBE_BYTES));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
    rmSync(probe);
  }
}

/** Sockets live in the folder itself unless its path is too long for one; then in a private folder of the temp dir. */
export function makeSocketFolder(folder: string): string {
  if (Buffer.byteLength(join(folder, LONGEST_SOCKET)) <= SOCKET_PATH_MAX_BYTES) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const sockets = join(tmpdir(), `burnbag-${name}`);
  makePrivateFolder(sockets);
  return sockets;
}

/** Removes the sockets' folder in the temp dir, if there is one; the data stays. */
export function removeSocketFolder(folder: string, sockets: string): void {
  if (folder === sockets) return;
  try {
    rmdirSync(sockets);
  } catch {
    // Not empty: the next start uses it already.
  }
}
