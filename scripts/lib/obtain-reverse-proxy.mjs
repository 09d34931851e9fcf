/**
 * Finds nginx, Caddy and HAProxy for tests behind a real one, or downloads them; never changes the system
 * unasked.
 */
import { join } from 'node:path';
import { forgetDebian, obtainDebian, writeLauncher } from './obtain-debian.mjs';
import { cacheRoot, capture, isDebian, isExecutable, isRoot, PlainError, say, which } from './shell.mjs';

/**
 * For each: the variable that names a binary, the Debian package, the binary's path in it, how to read its
 * version (nginx on stderr, Caddy with or without a `v`).
 */
const PROXIES = {
  nginx: { variable: 'NGINX_BIN', binary: 'usr/sbin/nginx', ask: ['-v'], version: /nginx\/(\d+\.\d+\.\d+)/ },
  caddy: {
    variable: 'CADDY_BIN',
    binary: 'usr/bin/caddy',
    ask: ['version'],
    version: /^v?(\d+\.\d+\.\d+)/,
  },
  haproxy: {
    variable: 'HAPROXY_BIN',
    binary: 'usr/sbin/haproxy',
    ask: ['-v'],
    version: /version (\d+\.\d+\.\d+)/,
  },
};
/** Debian keeps servers outside of a user's PATH. */
const SYSTEM_FOLDERS = '/usr/local/sbin:/usr/sbin:/sbin';

function found(kind, binary, source) {
  const { ask, version: pattern } = PROXIES[kind];
  const { stdout, stderr } = capture(binary, ask);
  const version = pattern.exec(`${stdout}${stderr}`)?.[1];
  if (version) say(`${kind}: ${binary} (${version}, ${source})`);
  return version ? { binary, version } : undefined;
}

function fromEnvironment(kind, env) {
  const { variable } = PROXIES[kind];
  const named = env[variable];
  if (!named) return undefined;
  const usable = found(kind, named, `named by ${variable}`);
  if (!usable) throw new PlainError(`${variable} names ${named}, which does not run as ${kind}`);
  return usable;
}

function fromSystem(kind, env) {
  const binary = which([kind], env.PATH) ?? which([kind], SYSTEM_FOLDERS);
  return binary && found(kind, binary, 'installed');
}

function fromCache(kind) {
  const launcher = join(cacheRoot, 'bin', kind);
  return isExecutable(launcher) ? found(kind, launcher, 'downloaded earlier') : undefined;
}

function unpackedDebian(kind) {
  forgetDebian(kind);
  try {
    const root = obtainDebian({ name: kind, packages: [kind], why: `${kind} for the tests` });
    const launcher = writeLauncher({ name: kind, root, binary: PROXIES[kind].binary });
    return found(kind, launcher, 'downloaded now');
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    return undefined;
  }
}

/** The last resort for root on Debian: the only way that installs into the system, so it is announced. */
function installedDebian(kind, env) {
  say(`installing the system package ${kind} with apt-get`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } };
  capture('apt-get', ['update', '-qq'], quiet);
  capture('apt-get', ['install', '-y', '-qq', '--no-install-recommends', kind], quiet);
  return fromSystem(kind, env);
}

function fromBrew(kind, env) {
  say(`installing ${kind} with brew`);
  return capture('brew', ['install', kind]).ok ? fromSystem(kind, env) : undefined;
}

/**
 * In this order: NGINX_BIN (CADDY_BIN, HAPROXY_BIN), the PATH and the system's sbin folders, an earlier download, a
 * Debian package unpacked into the cache folder, the system's package manager (root on Debian, brew on macOS).
 * @param {'nginx' | 'caddy' | 'haproxy'} kind
 * @returns {{binary: string, version: string}}
 * @throws {PlainError} with one line that says what to install
 */
export function obtainReverseProxy(kind, env = process.env) {
  const proxy =
    fromEnvironment(kind, env) ??
    fromSystem(kind, env) ??
    fromCache(kind) ??
    (isDebian() ? unpackedDebian(kind) : undefined) ??
    (isDebian() && isRoot() ? installedDebian(kind, env) : undefined) ??
    (process.platform === 'darwin' && which(['brew'], env.PATH) ? fromBrew(kind, env) : undefined);
  if (proxy) return proxy;
  throw new PlainError(
    `no ${kind} found for the tests: install it, or name its binary in ${PROXIES[kind].variable}`,
  );
}
