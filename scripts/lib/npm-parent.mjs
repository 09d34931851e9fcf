/**
 * `kill <npm start>` ends npm and the shell between, but the shell forwards no signal: the start script must
 * notice by itself that its parent is gone.
 */
import { readFileSync } from 'node:fs';

const POLL_MS = 200;

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * The shell in between, and npm behind it if /proc tells; never npm's own parent, which may well end before.
 */
function ancestors(script) {
  const parent = process.ppid;
  const isShell = read(parent, 'cmdline').includes(script);
  const grandparent = Number(/^PPid:\s*(\d+)/m.exec(read(parent, 'status'))?.[1]);
  return isShell && grandparent > 1 ? [parent, grandparent] : [parent];
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Calls `then` once when npm, which runs this process, is gone. Does nothing for a script that npm does not run.
 * @param {string} script the file name that npm's shell has in its command line
 */
export function whenNpmIsGone(script, then) {
  if (!process.env.npm_lifecycle_event || process.ppid <= 1) return;
  const parent = process.ppid;
  const watched = ancestors(script);
  const watch = setInterval(() => {
    if (process.ppid === parent && watched.every(isAlive)) return;
    clearInterval(watch);
    then();
  }, POLL_MS);
  watch.unref();
}
