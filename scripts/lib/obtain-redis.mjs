/**
 * Finds a Redis or Valkey server to run as a private child, or downloads one; never changes the system
 * unasked.
 */
import { join } from 'node:path';
import { forgetDebian, obtainDebian, writeLauncher } from './obtain-debian.mjs';
import { redisInContainer } from './obtain-redis-container.mjs';
import { cacheRoot, capture, isDebian, isExecutable, isRoot, PlainError, say, which } from './shell.mjs';

const NAMES = ['redis-server', 'valkey-server'];
const OLDEST = [6, 2];

/** @returns {string | undefined} `"8.0.2"` when the binary runs and is new enough for Burnbag (6.2) */
function usableVersion(binary) {
  const printed = capture(binary, ['--version']).stdout;
  const match = /\bv=(\d+)\.(\d+)\.\d+/.exec(printed);
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const newEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return newEnough ? match[0].slice(2) : undefined;
}

function found(binary, source) {
  const version = usableVersion(binary);
  if (version) say(`Redis: ${binary} (${version}, ${source})`);
  return version ? { kind: 'binary', binary } : undefined;
}

function fromEnvironment(env) {
  if (!env.REDIS_SERVER_BIN) return undefined;
  const usable = found(env.REDIS_SERVER_BIN, 'named by REDIS_SERVER_BIN');
  if (!usable) {
    throw new PlainError(
      `REDIS_SERVER_BIN names ${env.REDIS_SERVER_BIN}, which is not a Redis or Valkey server of 6.2 or newer`,
    );
  }
  return usable;
}

function fromPath(env) {
  for (const name of NAMES) {
    const binary = which([name], env.PATH);
    const usable = binary && found(binary, 'on the PATH');
    if (usable) return usable;
  }
  return undefined;
}

function fromCache() {
  const launcher = join(cacheRoot, 'bin', 'redis-server');
  return isExecutable(launcher) ? found(launcher, 'downloaded earlier') : undefined;
}

/** redis-tools holds the server's binary, redis-server the link to it. */
function unpackedDebian() {
  const what = { name: 'redis', packages: ['redis-server', 'redis-tools'], why: 'a Redis server' };
  forgetDebian(what.name);
  try {
    const root = obtainDebian(what);
    return found(
      writeLauncher({ name: 'redis-server', root, binary: 'usr/bin/redis-server' }),
      'downloaded now',
    );
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    return undefined;
  }
}

/** The last resort for root on Debian: the only way that installs into the system, so it is announced. */
function installedDebian(env) {
  say('installing the system package redis-server with apt-get');
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } };
  capture('apt-get', ['update', '-qq'], quiet);
  capture('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], quiet);
  return fromPath(env);
}

function fromBrew(env) {
  say('installing redis with brew');
  return capture('brew', ['install', 'redis']).ok ? fromPath(env) : undefined;
}

/**
 * In this order: REDIS_SERVER_BIN, the PATH, an earlier download, Debian packages unpacked into the cache folder,
 * the system's package manager (root on Debian, brew on macOS), a container.
 * @returns {{kind: 'binary', binary: string} | {kind: 'url', url: string, stop: () => void}}
 * @throws {PlainError} with one line that says what to install
 */
export function obtainRedis(env = process.env) {
  const redis =
    fromEnvironment(env) ??
    fromPath(env) ??
    fromCache() ??
    (isDebian() ? unpackedDebian() : undefined) ??
    (isDebian() && isRoot() ? installedDebian(env) : undefined) ??
    (process.platform === 'darwin' && which(['brew'], env.PATH) ? fromBrew(env) : undefined) ??
    redisInContainer();
  if (redis) return redis;
  throw new PlainError(
    'no Redis found: install redis-server or valkey-server 6.2 or newer, or set REDIS_URL to a running one',
  );
}
