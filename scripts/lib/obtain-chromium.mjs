/**
 * Finds a Chromium for the browser tests, or downloads one with its libraries and a font into the cache
 * folder.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgetDebian, obtainDebian, writeLauncher } from './obtain-debian.mjs';
import { cacheRoot, capture, isDebian, isExecutable, isRoot, PlainError, say, which } from './shell.mjs';

/** The same engine without a desktop's window: a page costs a third of the processor time that the whole browser takes. */
const SHELL = 'chromium-headless-shell';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_BINARIES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function found(binary, source) {
  const printed = capture(binary, ['--version']);
  if (!printed.ok) return undefined;
  say(`Chromium: ${binary} (${/\d[\d.]+/.exec(printed.stdout)?.[0] ?? 'unknown version'}, ${source})`);
  return binary;
}

function fromEnvironment(env) {
  if (!env.CHROMIUM_BIN) return undefined;
  const binary = found(env.CHROMIUM_BIN, 'named by CHROMIUM_BIN');
  if (!binary) throw new PlainError(`CHROMIUM_BIN names ${env.CHROMIUM_BIN}, which does not run`);
  return binary;
}

const shellFromPath = (env) => {
  const path = which([SHELL], env.PATH);
  return path && found(path, 'installed');
};

function fromPath(env) {
  const paths = [...NAMES.map((name) => which([name], env.PATH)), ...MAC_BINARIES.filter(isExecutable)];
  for (const path of paths) {
    const binary = path && found(path, 'installed');
    if (binary) return binary;
  }
  return undefined;
}

function fromCache() {
  const launcher = join(cacheRoot, 'bin', 'chromium');
  return isExecutable(launcher) ? found(launcher, 'downloaded earlier') : undefined;
}

/** The font configuration of the system may be missing, and would not name the unpacked fonts. */
function writeFontConfig(root) {
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    '  <dir prefix="relative">../../usr/share/fonts</dir>',
    '  <dir>/usr/share/fonts</dir>',
    '  <cachedir prefix="relative">../../var/cache/fontconfig</cachedir>',
    '</fontconfig>',
    '',
  ];
  mkdirSync(join(root, 'etc', 'fonts'), { recursive: true });
  mkdirSync(join(root, 'var', 'cache', 'fontconfig'), { recursive: true });
  writeFileSync(join(root, 'etc', 'fonts', 'burnbag.conf'), lines.join('\n'));
}

function unpacked(program) {
  const packages = [program, 'chromium-common', 'fonts-dejavu-core'];
  forgetDebian('chromium');
  try {
    const root = obtainDebian({
      name: 'chromium',
      packages,
      why: 'Chromium for the browser tests (about 100 MB)',
    });
    writeFontConfig(root);
    const lines = ['export FONTCONFIG_FILE="$root/etc/fonts/burnbag.conf"'];
    const launcher = writeLauncher({ name: 'chromium', root, binary: `usr/lib/chromium/${program}`, lines });
    const binary = found(launcher, 'downloaded now');
    if (!binary)
      say(`the downloaded Chromium does not run: ${capture(launcher, ['--version']).stderr.trim()}`);
    return binary;
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    return undefined;
  }
}

/** Older Debian and Ubuntu have only the whole browser, and apt may be out of reach: it is asked once. */
function unpackedShell() {
  const refused = join(cacheRoot, 'debian', `${SHELL}.unavailable`);
  if (existsSync(refused)) return undefined;
  const binary = unpacked(SHELL);
  if (binary) return binary;
  mkdirSync(join(cacheRoot, 'debian'), { recursive: true });
  writeFileSync(refused, '');
  return undefined;
}

/** The last resort for root on Debian: the only way that installs into the system, so it is announced. */
function installedDebian(env) {
  say('installing the system packages chromium and fonts-dejavu-core with apt-get');
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  capture('apt-get', ['update', '-qq'], quiet);
  capture(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
    quiet,
  );
  return fromPath(env);
}

function fromBrew(env) {
  say('installing chromium with brew');
  return capture('brew', ['install', '--cask', 'chromium']).ok ? fromPath(env) : undefined;
}

/**
 * In this order: CHROMIUM_BIN, an installed headless shell, an earlier download, Debian's headless shell unpacked into the
 * cache folder, an installed browser, Debian's browser unpacked, the system's package manager (root on Debian, brew on macOS).
 * @returns {string} the path of a Chromium that runs
 * @throws {PlainError} with one line that says what to install
 */
export function obtainChromium(env = process.env) {
  const binary =
    fromEnvironment(env) ??
    shellFromPath(env) ??
    fromCache() ??
    (isDebian() ? unpackedShell() : undefined) ??
    fromPath(env) ??
    (isDebian() ? unpacked('chromium') : undefined) ??
    (isDebian() && isRoot() ? installedDebian(env) : undefined) ??
    (process.platform === 'darwin' && which(['brew'], env.PATH) ? fromBrew(env) : undefined);
  if (binary) return binary;
  throw new PlainError('no Chromium found: install chromium or Google Chrome, or name one in CHROMIUM_BIN');
}
