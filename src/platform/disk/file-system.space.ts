import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { DiskSpace } from './disk-space.port.js';

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The file system of a folder, which need not exist yet. */
export class FileSystemSpace implements DiskSpace {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  async freeBytes(): Promise<number> {
    for (let folder = this.folder; ; folder = dirname(folder)) {
      try {
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize;
      } catch (error) {
        if (!isAbsent(error) || folder === dirname(folder)) throw error;
      }
    }
  }
}
