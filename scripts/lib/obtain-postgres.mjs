/**
 * Finds PostgreSQL's server programs for tests against a real one, or downloads them; never changes the
 * system unasked.
 */
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { forgetDebian, obtainDebian, writeLauncher } from './obtain-debian.mjs';
import { cacheRoot, capture, isDebian, isExecutable, isRoot, PlainError, say, which } from './shell.mjs';

const PROGRAMS = ['postgres', 'initdb'];
const OLDEST = 14;
const DEBIAN_ROOT = '/usr/lib/postgresql';
const UNPACKED = 'postgres';

/** @returns {string | undefined} `"15.18"` when both programs are there, run, and are new enough for Burnbag */
function usableVersion(bin) {
  if (!PROGRAMS.every((program) => isExecutable(join(bin, program)))) return undefined;
  const version = /\b(\d+)\.\d+/.exec(capture(join(bin, 'postgres'), ['--version']).stdout);
  return version && Number(version[1]) >= OLDEST ? version[0] : undefined;
}

function found(bin, source) {
  const version = usableVersion(bin);
  if (version) say(`PostgreSQL: ${bin} (${version}, ${source})`);
  return version ? bin : undefined;
}

function fromEnvironment(env) {
  if (!env.POSTGRES_BIN) return undefined;
  const usable = found(env.POSTGRES_BIN, 'named by POSTGRES_BIN');
  if (!usable) {
    throw new PlainError(
      `POSTGRES_BIN names ${env.POSTGRES_BIN}, which does not hold postgres and initdb of ${OLDEST} or newer`,
    );
  }
  return usable;
}

/** @returns {string[]} Debian keeps each version in a folder of its own, off the PATH; the newest first */
function debianBins(root) {
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).toSorted((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(root, version, 'bin'));
}

function fromSystem(env) {
  const onPath = which(['initdb'], env.PATH);
  if (onPath) {
    const usable = found(dirname(realpathSync(onPath)), 'on the PATH');
    if (usable) return usable;
  }
  for (const bin of debianBins(DEBIAN_ROOT)) {
    const usable = found(bin, 'of the system');
    if (usable) return usable;
  }
  return undefined;
}

function fromCache() {
  return found(join(cacheRoot, 'bin', UNPACKED), 'downloaded earlier');
}

/** The metapackage names the version that the distribution has. */
function unpackedDebian() {
  const what = { name: UNPACKED, packages: ['postgresql'], why: 'a PostgreSQL for the tests' };
  forgetDebian(what.name);
  try {
    const root = obtainDebian(what);
    const [bin] = debianBins(join(root, DEBIAN_ROOT));
    if (!bin) return undefined;
    for (const program of PROGRAMS) {
      writeLauncher({
        name: join(UNPACKED, program),
        root,
        binary: join(bin.slice(root.length + 1), program),
      });
    }
    return found(join(cacheRoot, 'bin', UNPACKED), 'downloaded now');
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    return undefined;
  }
}

/** The last resort for root on Debian: the only way that installs into the system, so it is announced. */
function installedDebian(env) {
  say('installing the system package postgresql with apt-get');
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } };
  capture('apt-get', ['update', '-qq'], quiet);
  capture('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], quiet);
  return fromSystem(env);
}

function fromBrew(env) {
  say('installing postgresql with brew');
  if (!capture('brew', ['install', 'postgresql@17']).ok) return undefined;
  const prefix = capture('brew', ['--prefix', 'postgresql@17']).stdout.trim();
  return fromSystem({ PATH: [join(prefix, 'bin'), env.PATH ?? ''].join(delimiter) });
}

/**
 * In this order: POSTGRES_BIN, the PATH, the system's own folders, an earlier download, Debian packages unpacked into
 * the cache folder, the system's package manager (root on Debian, brew on macOS).
 * @returns {string} the folder that holds `postgres` and `initdb`, 14 or newer
 * @throws {PlainError} with one line that says what to install
 */
export function obtainPostgres(env = process.env) {
  const bin =
    fromEnvironment(env) ??
    fromSystem(env) ??
    fromCache() ??
    (isDebian() ? unpackedDebian() : undefined) ??
    (isDebian() && isRoot() ? installedDebian(env) : undefined) ??
    (process.platform === 'darwin' && which(['brew'], env.PATH) ? fromBrew(env) : undefined);
  if (bin) return bin;
  throw new PlainError(
    `no PostgreSQL found for the tests: install ${OLDEST} or newer (postgres and initdb), or name their folder in POSTGRES_BIN`,
  );
}

/** PostgreSQL refuses to run as root, who runs it as this one. */
export const NOBODY = 65_534;

/**
 * @returns {string} the folder of programs that `nobody` can run: this one, or a copy of a downloaded tree in a temporary
 *   folder, gone with this process, where the checkout is closed to others
 * @throws {PlainError} when others cannot run these programs, and they are not downloaded ones
 */
export function postgresForNobody(bin) {
  if (capture(join(bin, 'postgres'), ['--version'], { uid: NOBODY, gid: NOBODY, cwd: '/' }).ok) return bin;
  if (!bin.startsWith(cacheRoot))
    throw new PlainError(`${bin} is closed to the user nobody, as which root runs it`);
  const copy = mkdtempSync(join(tmpdir(), 'burnbag-postgres-programs-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  chmodSync(copy, 0o755);
  // The launchers find the tree by its path relative to theirs.
  for (const part of [join('bin', UNPACKED), join('debian', UNPACKED)]) {
    cpSync(join(cacheRoot, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
  }
  return join(copy, 'bin', UNPACKED);
}
