import { randomUUID } from 'node:crypto';
import { mkdir, open, opendir, readFile, rename, rmdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { whyNoFolder } from '../../../platform/data-dir/private-folder.js';
import { BlobStoreAwayError, BlobStoreFullError } from '../blob-store.errors.js';
import type { BlobId } from '../blob-store.port.js';

export interface BlobPaths {
  readonly folder: string;
  readonly finished: string;
  readonly partial: string;
}

const PARTIAL = '.partial';
const FOLDER_NAME = /^[0-9a-f]{2}$/;
const FILE_NAME = /^([0-9a-f]{32})(\.partial)?$/;

const OPEN_TRIES = 10;

/** Codes for no space: disk, quota, file limit (ulimit -f). */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Two levels of folders, so that none grows too large: 65,536 of them. */
export function blobPaths(root: string, id: BlobId): BlobPaths {
  const folder = join(root, id.slice(0, 2), id.slice(2, 4));
  return { folder, finished: join(folder, id), partial: join(folder, `${id}${PARTIAL}`) };
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/**
 * Mounted read-only, missing rights, a file instead of a folder, a faulty disk: an operator has to act, and a
 * later try works.
 * @returns BlobStoreFullError or BlobStoreAwayError for an error of the file system; any other error as it is
 */
export function asStoreError(error: unknown): unknown {
  const code = codeOf(error);
  if (typeof code !== 'string') return error;
  if (FULL.has(code)) return new BlobStoreFullError();
  return error instanceof Error && 'syscall' in error ? new BlobStoreAwayError(code) : error;
}

/** @returns the result of `work`, or undefined when the file does not exist */
export async function ifPresent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Opens a partial file for writing, with its folders, which a concurrent deletion may remove. */
export async function openPartial({ folder, partial }: BlobPaths): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return (await ifPresent(open(partial, 'r+'))) ?? (await open(partial, 'wx', 0o600));
    } catch (error) {
      if (!isAbsent(error)) throw error;
      if (attempt === OPEN_TRIES) throw whyNoFolder(folder, error);
    }
  }
}

/** Makes the names in a blob's folders durable; the folders themselves may be new, too. */
export async function syncFolders({ folder }: BlobPaths): Promise<void> {
  for (const path of [folder, dirname(folder), dirname(dirname(folder))]) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Removes a blob's folders if they are empty. */
export async function removeEmptyFolders({ folder }: BlobPaths): Promise<void> {
  for (const path of [folder, dirname(folder)]) {
    try {
      await rmdir(path);
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(String(codeOf(error)))) return;
      throw error;
    }
  }
}

export interface BlobFile {
  readonly id: BlobId;
  readonly path: string;
  readonly partial: boolean;
}

/** Iterates over the files of all blobs. Skips files with other names. */
export async function* blobFiles(root: string): AsyncGenerator<BlobFile, void, undefined> {
  for await (const first of namesIn(root, FOLDER_NAME)) {
    for await (const second of namesIn(join(root, first), FOLDER_NAME)) {
      const folder = join(root, first, second);
      for await (const name of namesIn(folder, FILE_NAME)) {
        yield { id: name.slice(0, 32), path: join(folder, name), partial: name.endsWith(PARTIAL) };
      }
    }
  }
}

async function* namesIn(folder: string, pattern: RegExp): AsyncGenerator<string, void, undefined> {
  const entries = await ifPresent(opendir(folder));
  if (!entries) return;
  for await (const { name } of entries) if (pattern.test(name)) yield name;
}

/** Created with the folder; its content is the id of the store. */
export async function folderId(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  if (known !== undefined) return known.trim();
  const id = randomUUID();
  const unfinished = `${path}.new`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(`${id}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  return id;
}
