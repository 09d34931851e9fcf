/** One process at a time installs, builds or downloads; the others wait for it and find the work done. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, PlainError, say } from './shell.mjs';

const POLL_MS = 200;
const PATIENCE_MS = 20 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Moving a dead owner's file away is atomic: of several that try, one gets it. */
function removeStale(file) {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch {
    // Another process was faster; the next poll of the file tells.
  }
}

async function acquire(file) {
  const since = Date.now();
  let told = false;
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(file);
    // An empty file is one that its owner is about to write.
    if (owner && !isAlive(owner)) removeStale(file);
    else if (!told) say(`waiting for another start of this folder that prepares it (process ${owner})`);
    told = true;
    if (Date.now() - since > PATIENCE_MS)
      throw new PlainError(`gave up waiting: remove ${file} if nothing else runs`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Runs `work` while no other process of this project folder does.
 * @template T
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(work) {
  mkdirSync(cacheRoot, { recursive: true });
  const file = join(cacheRoot, 'prepare.lock');
  await acquire(file);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
