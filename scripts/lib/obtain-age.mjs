/** Finds the command `age`, by which the tests open what the web app sealed, or brings it without changing the system. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { obtainDebian } from './obtain-debian.mjs';
import { obtainGo } from './obtain-s3-go.mjs';
import { cacheRoot, capture, isDebian, isExecutable, PlainError, say, which } from './shell.mjs';

const VERSION = 'v1.2.1';
const inCache = () => join(cacheRoot, 'bin', `age-${VERSION}`);

function found(binary, source) {
  if (!isExecutable(binary)) return undefined;
  const { ok, stdout } = capture(binary, ['--version']);
  if (!ok) return undefined;
  say(`age: ${binary} (${stdout.trim()}, ${source})`);
  return binary;
}

function fromEnvironment(env) {
  if (!env.AGE_BIN) return undefined;
  const usable = found(env.AGE_BIN, 'named by AGE_BIN');
  if (!usable) throw new PlainError(`AGE_BIN names ${env.AGE_BIN}, which does not run as age`);
  return usable;
}

function fromPath(env) {
  const binary = which(['age'], env.PATH);
  return binary && found(binary, 'on the PATH');
}

function fromDebian() {
  if (!isDebian()) return undefined;
  try {
    const root = obtainDebian({ name: 'age', packages: ['age'], why: 'age for the tests' });
    return found(join(root, 'usr', 'bin', 'age'), 'a Debian package');
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    return undefined;
  }
}

function built(env) {
  const go = obtainGo(env);
  if (!go) return undefined;
  const work = `${inCache()}.partial-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const options = { env: { ...env, GOFLAGS: '', CGO_ENABLED: '0', ...go.env, GOBIN: work } };
    if (!capture(go.binary, ['install', '-trimpath', `filippo.io/age/cmd/age@${VERSION}`], options).ok)
      return undefined;
    renameSync(join(work, 'age'), inCache());
  } finally {
    rmSync(work, { recursive: true, force: true });
    go.tidy();
  }
  return found(inCache(), 'built now');
}

/**
 * @returns {string} the path of a command `age`
 * @throws {PlainError} when there is none and none can be brought
 */
export function obtainAge(env = process.env) {
  const binary =
    fromEnvironment(env) ?? fromPath(env) ?? found(inCache(), 'built before') ?? fromDebian() ?? built(env);
  if (binary) return binary;
  throw new PlainError('the tests need the command age: install it, or name it in AGE_BIN');
}
