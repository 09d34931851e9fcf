import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { NodeFS } from '@electric-sql/pglite/nodefs';

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Syncs a whole folder to the disk, its entries first. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else syncPath(path);
  }
  syncPath(folder);
}

/** The used part of emscripten's file system on top of Node's. */
interface NodeFileSystem {
  stream_ops: { fsync?: (stream: { nfd?: number; node: unknown }) => number };
  realPath(node: unknown): string;
}

type Made = Awaited<ReturnType<NodeFS['init']>>;

/**
 * PGlite's folder on the disk, with fsync. Emscripten calls it on a file system, but the one for Node has
 * none, so that PostgreSQL's fsync would succeed without an effect.
 */
export class DurableNodeFS extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>): Promise<Made> {
    const made = await super.init(...args);
    const addFsync = (module: object): void => {
      const { NODEFS } = module as { NODEFS?: NodeFileSystem };
      if (!NODEFS) throw new Error('PGlite has changed: its file system is not where it was');
      NODEFS.stream_ops.fsync = ({ nfd, node }) => {
        if (nfd === undefined) syncPath(NODEFS.realPath(node));
        else fsyncSync(nfd);
        return 0;
      };
    };
    return {
      emscriptenOpts: { ...made.emscriptenOpts, preRun: [made.emscriptenOpts.preRun ?? [], addFsync].flat() },
    };
  }
}
