import { localStore } from '../storage';
import { LEFT_FILES } from './orphan-key';

const PREFIX = 'burnbag-';

/** Whether this browser lets a page write private files: not over plain http, not in every private window. */
async function storageRoot(): Promise<FileSystemDirectoryHandle | undefined> {
  if (typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype))
    return undefined;
  return navigator.storage.getDirectory().catch(() => undefined);
}

/** Holds a lock while this tab is open, so that no other tab treats its files as left over. */
const hold = (name: string) =>
  new Promise<void>((resolve) => {
    void navigator.locks.request(name, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });

async function makeFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  const root = await storageRoot();
  if (!root) return undefined;
  const name = PREFIX + crypto.randomUUID();
  await hold(name);
  localStore.set(LEFT_FILES, '1');
  return root.getDirectoryHandle(name, { create: true }).catch(() => undefined);
}

let folder: Promise<FileSystemDirectoryHandle | undefined> | undefined;

/** A folder of this tab only; undefined in browsers without one. */
export const privateFolder = (): Promise<FileSystemDirectoryHandle | undefined> => (folder ??= makeFolder());

async function foldersIn(root: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of root.keys()) if (name.startsWith(PREFIX)) names.push(name);
  return names;
}

/**
 * Removes files of closed tabs, and those of a closing one as soon as it has closed: after a reload the
 * previous page may still be open. Never fails: the next visit tries again.
 */
export async function sweepPrivateFiles(): Promise<void> {
  const root = await storageRoot();
  if (!root) return;
  const remove = (name: string) => root.removeEntry(name, { recursive: true }).catch(() => undefined);
  const names = await foldersIn(root);
  await Promise.all(names.map((name) => navigator.locks.request(name, () => remove(name))));
  if ((await foldersIn(root)).length === 0) localStore.remove(LEFT_FILES);
}
