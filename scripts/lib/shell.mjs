/** Small helpers around child processes; plain Node 20, so that they run before the install. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, absolute, with no slash at the end. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Cache of fetched files that can be fetched again; `.gitignore`d. */
export const cacheRoot = join(projectRoot, '.cache');

/** Prints one line of progress. */
export const say = (line) => process.stdout.write(`burnbag: ${line}\n`);

/** An error that a person can act on: its message is shown without a stack. */
export class PlainError extends Error {}

/** The last catch of a script. @throws any error that is not a {@link PlainError} */
export function endPlainly(error) {
  if (!(error instanceof PlainError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/**
 * Runs a command to its end and captures what it prints.
 * @returns {{ok: boolean, stdout: string, stderr: string}} `ok` is false for every exit but 0, and when it cannot start
 */
export function capture(command, args, options = {}) {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  return {
    ok: done.status === 0,
    stdout: done.stdout ?? '',
    stderr: done.stderr ?? String(done.error ?? ''),
  };
}

/** @returns {boolean} whether `path` is a file that this user may execute */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @returns {string | undefined} the first of `names` on the PATH, as an absolute path */
export function which(names, path = process.env.PATH ?? '') {
  for (const name of names) {
    for (const dir of path.split(delimiter)) {
      if (dir && isExecutable(join(dir, name))) return join(dir, name);
    }
  }
  return undefined;
}

export const isRoot = () => process.getuid?.() === 0;

/** Debian and its descendants: apt and dpkg are there, with a package state to resolve against. */
export const isDebian = () =>
  which(['apt-get']) !== undefined && which(['dpkg-deb']) !== undefined && existsSync('/var/lib/dpkg/status');
