/** Prepares a checkout to run: packages, the pinned Node, and the builds; nothing twice. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isExecutable, PlainError, projectRoot, say } from './shell.mjs';
import { contentHash, isStamped, stamp } from './stamp.mjs';

const OLDEST_NODE = [20, 19];
const PINNED_NODE = join(projectRoot, 'node_modules', 'node', 'bin', 'node');
const MANIFESTS = [
  'package.json',
  'package-lock.json',
  'frontend/package.json',
  'packages/contract/package.json',
];

/** The server and the web app import its output: it is built before them. */
const CONTRACT = {
  name: 'contract',
  sources: ['packages/contract', ...MANIFESTS],
  output: 'packages/contract/dist/index.js',
  command: ['node_modules/.bin/tsc', '-p', 'packages/contract'],
  cwd: projectRoot,
};
const BUILDS = [
  {
    name: 'server',
    sources: ['src', 'packages', 'tsconfig.json', 'nest-cli.json', ...MANIFESTS],
    output: 'dist/main.js',
    command: ['node_modules/.bin/nest', 'build'],
    cwd: projectRoot,
  },
  {
    name: 'web app',
    sources: ['frontend', 'packages', ...MANIFESTS],
    output: 'frontend/dist/index.html',
    command: ['node_modules/.bin/vite', 'build', '--logLevel', 'error'],
    cwd: join(projectRoot, 'frontend'),
  },
];

/** A larger nursery: with the default, collecting the garbage of 300 requests at once took a tenth of the time; with 64 single pauses grew. */
export const RUNTIME_FLAGS = ['--max-semi-space-size=32'];

/** @throws {PlainError} when the Node that runs this is older than 20.19 */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const newEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (!newEnough)
    throw new PlainError(
      `this is Node ${process.versions.node}: install Node ${OLDEST_NODE.join('.')} or newer`,
    );
}

/** The environment of every command: the pinned tools come first on the PATH. */
export function toolEnvironment(env = process.env) {
  const bin = join(projectRoot, 'node_modules', '.bin');
  return { ...env, PATH: [bin, env.PATH ?? ''].join(delimiter) };
}

/** Runs a command with its output shown; its output and errors are the user's to read. */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** npm hands its own script down; without it (`node scripts/start.mjs`) the one on the PATH serves. */
function npm(args) {
  const script = process.env.npm_execpath;
  const options = { cwd: projectRoot };
  return script?.endsWith('.js')
    ? run(process.execPath, [script, ...args], options)
    : run('npm', args, options);
}

function lockedPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/**
 * Whether npm's own record of installed packages agrees with the lock file, as after an `npm install` by
 * hand.
 */
function isInstalledAsLocked() {
  const note = join(projectRoot, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = lockedPackages(note);
  const wanted = lockedPackages(join(projectRoot, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.includes('node_modules/') ||
      entry.optional ||
      (entry.link ? existsSync(join(projectRoot, path)) : installed[path]?.version === entry.version),
  );
}

async function install() {
  const hash = contentHash(MANIFESTS);
  const runs = existsSync(PINNED_NODE);
  if (runs && isStamped('install', hash)) return;
  if (runs && isInstalledAsLocked()) {
    stamp('install', hash);
    return;
  }
  say('installing the packages (npm ci); the first time takes a minute');
  // Development packages build the project; an inherited NODE_ENV=production would leave them out.
  if (!(await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])))
    throw new PlainError('npm ci failed: see above');
  // A user's configuration may forbid install scripts; this one package cannot do without.
  if (!existsSync(PINNED_NODE)) await npm(['rebuild', 'node', '--ignore-scripts=false']);
  stamp('install', hash);
}

/**
 * @returns {string} the Node that runs the app and its tools: the pinned one
 * @throws {PlainError} when it is missing and this one is too old
 */
export function pinnedNode() {
  if (isExecutable(PINNED_NODE)) return PINNED_NODE;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new PlainError(
    'the pinned Node 24 was not installed: run `npm ci` without --ignore-scripts, or use Node 24',
  );
}

async function build({ name, sources, output, command, cwd }) {
  const hash = contentHash(sources);
  if (isStamped(name, hash) && existsSync(join(projectRoot, output))) return;
  say(`building the ${name}`);
  const [script, ...args] = command;
  const env = { ...toolEnvironment(), NODE_ENV: 'production' };
  if (!(await run(pinnedNode(), [join(projectRoot, script), ...args], { cwd, env }))) {
    throw new PlainError(`the ${name} did not build: see above`);
  }
  stamp(name, hash);
}

/** Installs and builds what is missing or out of date. */
export async function prepare() {
  checkNode();
  await install();
  await build(CONTRACT);
  await Promise.all(BUILDS.map(build));
}
