/**
 * `npm test`: every test, from a fresh clone. Arguments go to jest (`npm test -- --selectProjects unit src/crypto`).
 * What a test needs and cannot be had is a failure; so is a skipped test, and a run without one.
 * `npm run test:full` is the same with the sizes and the matrices that docs/testing.md lists, and the servers of other makes.
 * BB_CHAOS_OPERATIONS, BB_RACE_ROUNDS, BB_FOOTPRINT_SECRETS and BB_REWRAP_SECRETS set the size of single tests.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join, relative } from 'node:path';

import { exclusively } from './lib/exclusive.mjs';
import { obtainAge } from './lib/obtain-age.mjs';
import { obtainChromium } from './lib/obtain-chromium.mjs';
import { obtainRedis } from './lib/obtain-redis.mjs';
import { checkNode, pinnedNode, prepare, toolEnvironment } from './lib/prepare.mjs';
import { cacheRoot, endPlainly, projectRoot } from './lib/shell.mjs';

/** Two for each core keep the cores busy; more would only let tests wait for each other. Each needs its memory. */
const BYTES_OF_A_WORKER = 1.25 * 2 ** 30;
const MOST_WORKERS = 12;
const WORKERS = Math.max(
  2,
  Math.min(MOST_WORKERS, 2 * availableParallelism(), Math.floor(totalmem() / BYTES_OF_A_WORKER)),
);
const PROJECTS = ['unit', 'frontend', 'int', 'races', 'faults', 'e2e'];
/** Servers of other makes: only when asked for, or in the full run. */
const MORE_PROJECTS = ['servers'];
const NEED_REDIS = ['int', 'races', 'faults', 'e2e', 'servers'];
/** What every start of the app takes from the disk instead of compiling it. */
const COMPILE_CACHE = join(cacheRoot, 'compiled');
/** Seconds of the slow test files, which start first: a fresh clone has no durations of its own. */
const DURATIONS = join(projectRoot, 'test', 'support', 'durations.json');
const SLOW_SECONDS = 4;

/**
 * @param {string[]} args the command line
 * @returns {{selected: string[], rest: string[], isFull: boolean, isRecord: boolean}} the projects to run and jest's other arguments
 */
function readArguments(args) {
  const isFull = args.includes('--full');
  const isRecord = args.includes('--record-durations');
  const others = args.filter((arg) => arg !== '--full' && arg !== '--record-durations');
  const at = others.indexOf('--selectProjects');
  const known = [...PROJECTS, ...MORE_PROJECTS];
  if (at < 0) return { selected: isFull ? known : PROJECTS, rest: others, isFull, isRecord };
  let end = at + 1;
  while (end < others.length && known.includes(others[end])) end += 1;
  const rest = [...others.slice(0, at), ...others.slice(end)];
  return { selected: others.slice(at + 1, end), rest, isFull, isRecord };
}

/** A folder for all temporary files of the run. PostgreSQL, which root runs as another user, must get through it. */
function temporaryFolder() {
  // A short name: the path of a Unix socket has at most 103 bytes on macOS.
  const folder = mkdtempSync(join(tmpdir(), 'bb-'));
  chmodSync(folder, 0o711);
  return folder;
}

function testEnvironment(selected, isFull) {
  const env = toolEnvironment();
  env.NODE_COMPILE_CACHE = COMPILE_CACHE;
  if (isFull) env.BB_FULL = '1';
  env.NODE_OPTIONS = [env.NODE_OPTIONS, '--experimental-vm-modules'].filter(Boolean).join(' ');
  if (selected.some((project) => NEED_REDIS.includes(project))) {
    const redis = obtainRedis(env);
    if (redis.kind === 'binary') env.REDIS_SERVER_BIN = redis.binary;
    else redis.stop();
  }
  if (selected.includes('e2e') || selected.includes('frontend')) env.AGE_BIN = obtainAge(env);
  if (selected.includes('e2e')) env.CHROMIUM_BIN = obtainChromium(env);
  return env;
}

/** @returns {Promise<{ok: boolean, report: object | undefined}>} with jest's own report of the run */
function runJest(projects, args, env) {
  const file = join(cacheRoot, `jest-${process.pid}.json`);
  mkdirSync(cacheRoot, { recursive: true });
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const fixed = ['--json', `--outputFile=${file}`, '--passWithNoTests', '--selectProjects', ...projects];
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedNode(), [jest, `--maxWorkers=${WORKERS}`, ...args, ...fixed], {
      cwd: projectRoot,
      env,
      stdio: 'inherit',
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve({ ok: code === 0, report: takeReport(file) }));
  });
}

function takeReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}

/** A file that could not be loaded counts as one failure; so does a run without a report. */
function count(report) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Files that have not run keep their durations, unless they are gone. */
function recordDurations({ testResults }) {
  const known = Object.entries(JSON.parse(readFileSync(DURATIONS, 'utf8')));
  const ran = new Set(testResults.map(({ name }) => relative(projectRoot, name)));
  const kept = known.filter(([name]) => !ran.has(name) && existsSync(join(projectRoot, name)));
  const slow = testResults
    .map(({ name, startTime, endTime }) => [
      relative(projectRoot, name),
      Math.round((endTime - startTime) / 1_000),
    ])
    .filter(([, seconds]) => seconds >= SLOW_SECONDS)
    .concat(kept)
    .sort(([, a], [, b]) => b - a);
  writeFileSync(DURATIONS, `${JSON.stringify(Object.fromEntries(slow), null, 2)}\n`);
}

async function main() {
  checkNode();
  const { selected, rest, isFull, isRecord } = readArguments(process.argv.slice(2));
  const env = await exclusively(async () => {
    await prepare();
    return testEnvironment(selected, isFull);
  });
  const temporary = temporaryFolder();
  const { ok, report } = await runJest(selected, rest, { ...env, TMPDIR: temporary }).finally(() =>
    rmSync(temporary, { recursive: true, force: true }),
  );
  if (isRecord && ok) recordDurations(report);
  const { passed, failed, skipped } = count(report);
  // Choosing tests by name makes jest report the others as skipped.
  const byName = rest.some((arg) => arg === '-t' || arg.startsWith('--testNamePattern'));
  const complete = skipped === 0 || byName;
  process.stdout.write(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
  process.exitCode = ok && complete && failed === 0 && passed > 0 ? 0 : 1;
}

await main().catch(endPlainly);
