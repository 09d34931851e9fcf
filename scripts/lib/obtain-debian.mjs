/**
 * Debian packages as plain folders: downloads packages with the dependencies that this system lacks and
 * unpacks them below the cache folder. The system itself is unchanged, so root is not needed.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cacheRoot, capture, PlainError, say } from './shell.mjs';

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';

/** apt reads this after the system's own configuration, whose sources, keys and proxies stay in force. */
function aptConfig(work, lists) {
  return [
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear DPkg::Pre-Install-Pkgs;',
    '#clear DPkg::Post-Invoke;',
    `Dir::State "${work}/state";`,
    `Dir::State::lists "${lists}";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${work}/cache";`,
    `Dir::Log "${work}/log";`,
    'Debug::NoLocking "1";',
    // The unprivileged download user of apt cannot write into our folder.
    'APT::Sandbox::User "";',
    'APT::Get::Assume-Yes "1";',
    'APT::Install-Recommends "0";',
    '',
  ].join('\n');
}

/** @returns {string[]} the downloaded archives */
function download(packages, work) {
  const privateLists = join(work, 'state', 'lists');
  const archives = join(work, 'cache', 'archives');
  for (const dir of [join(privateLists, 'partial'), join(archives, 'partial'), join(work, 'log')]) {
    mkdirSync(dir, { recursive: true });
  }
  const config = join(work, 'apt.conf');
  const apt = (...args) =>
    capture('apt-get', ['-qq', '-c', config, ...args], { env: { ...process.env, LC_ALL: 'C' } });

  writeFileSync(config, aptConfig(work, privateLists));
  // The system's package lists serve as well when new ones cannot be fetched.
  if (!apt('update').ok) writeFileSync(config, aptConfig(work, '/var/lib/apt/lists'));
  const got = apt('install', '--download-only', '--reinstall', ...packages);
  if (!got.ok) throw new PlainError(`apt could not download ${packages.join(', ')}: ${lastLine(got.stderr)}`);
  return readdirSync(archives).flatMap((name) => (name.endsWith('.deb') ? [join(archives, name)] : []));
}

/**
 * Downloads and unpacks once; a later call finds the folder.
 * @param {{name: string, packages: string[], why: string}} what folder name in the cache, packages, and what they are for
 * @returns {string} the root of the unpacked tree, with `usr/bin` and so on below it
 * @throws {PlainError} when apt cannot deliver or an archive does not unpack
 */
export function obtainDebian({ name, packages, why }) {
  const root = join(cacheRoot, 'debian', name);
  if (existsSync(root)) return root;
  say(
    `downloading ${why} as Debian packages (${packages.join(', ')}) into ${relative(process.cwd(), root) || root}`,
  );
  const work = `${root}.partial-${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  try {
    const tree = join(work, 'root');
    mkdirSync(tree, { recursive: true });
    for (const archive of download(packages, work)) {
      const unpacked = capture('dpkg-deb', ['-x', archive, tree]);
      if (!unpacked.ok) throw new PlainError(`${archive} does not unpack: ${lastLine(unpacked.stderr)}`);
    }
    moveIntoPlace(tree, root);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return root;
}

/** Another process may have been faster: its tree is as good. */
function moveIntoPlace(tree, root) {
  try {
    renameSync(tree, root);
  } catch (error) {
    if (!existsSync(root)) throw error;
  }
}

/** Removes an unpacked tree, for example one of another machine. */
export const forgetDebian = (name) =>
  rmSync(join(cacheRoot, 'debian', name), { recursive: true, force: true });

const foldersIn = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(dir, entry.name)] : [],
  );

const hasLibraries = (dir) => readdirSync(dir).some((name) => /^lib.*\.so(\.|$)/.test(name));

/** @returns {string[]} the folders of an unpacked tree that hold shared libraries, some packages' private ones too */
function libraryFolders(root) {
  const bases = [join(root, 'usr', 'lib'), join(root, 'lib')].filter((dir) => existsSync(dir));
  const architectures = bases.flatMap(foldersIn).filter((dir) => /-linux-gnu/.test(dir));
  return [...bases, ...architectures, ...architectures.flatMap(foldersIn)].filter(hasLibraries);
}

/**
 * Writes a launcher that runs a binary of an unpacked tree with its own libraries. The process id stays the one of
 * the binary (exec), and paths are relative to the launcher, so that the repository may be moved.
 * @param {{name: string, root: string, binary: string, lines?: string[]}} what `binary` is relative to `root`;
 *   `lines` are shell lines run before, which may use `$root`
 * @returns {string} the launcher's path
 */
export function writeLauncher({ name, root, binary, lines = [] }) {
  const path = join(cacheRoot, 'bin', name);
  mkdirSync(dirname(path), { recursive: true });
  const libraries = libraryFolders(root).map((dir) => `$root/${relative(root, dir)}`);
  const script = [
    '#!/bin/sh',
    `root="$(cd "$(dirname "$0")/${relative(dirname(path), root)}" && pwd)" || exit 127`,
    `LD_LIBRARY_PATH="${libraries.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
    'export LD_LIBRARY_PATH',
    ...lines,
    `exec "$root/${binary}" "$@"`,
    '',
  ].join('\n');
  const draft = `${path}.partial-${process.pid}`;
  writeFileSync(draft, script, { mode: 0o755 });
  renameSync(draft, path);
  return path;
}
