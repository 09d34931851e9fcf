import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { endAfterTests } from './leftovers.js';

/**
 * A real file system of the given size, in memory, that is gone after the last test of the file.
 * @returns a folder in it; undefined where this process may not mount (not root, or a container without CAP_SYS_ADMIN)
 */
export function mountSmallDisk(bytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'burnbag-disk-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', folder]);
  if (status !== 0) {
    remove();
    return undefined;
  }
  endAfterTests(() => {
    spawnSync('umount', ['-l', folder]);
    remove();
    return Promise.resolve();
  });
  const inside = join(folder, 'data');
  mkdirSync(inside, { mode: 0o700 });
  return inside;
}

/** Makes the file system of {@link mountSmallDisk} read-only or writable. */
export function remount(folder: string, how: 'ro' | 'rw'): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,${how}`, dirname(folder)]);
  if (status !== 0) throw new Error(`mount: ${stderr.toString()}`);
}
