/**
 * `npm test`: every test, from a fresh clone. Arguments go to jest (`npm test -- --selectProjects unit src/crypto`).
 * What a test needs and cannot be had is a failure; so is a skipped test, and a run without one.
 * `npm run test:servers` adds servers of other makes, which the whole run leaves out; one that is missing is a failure, too.
 * BB_CHAOS_OPERATIONS, BB_RACE_ROUNDS, BB_FOOTPRINT_SECRETS and BB_REWRAP_SECRETS give the large demonstrations another size.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { exclusively } from './lib/exclusive.mjs';
import { obtainChromium } from './lib/obtain-chromium.mjs';
import { obtainRedis } from './lib/obtain-redis.mjs';
import { checkNode, pinnedNode, prepare, toolEnvironment } from './lib/prepare.mjs';
import { endPlainly, projectRoot } from './lib/shell.mjs';

/**
 * Side by side, one more than the two cores that are counted on: most of them wait a good deal for a server,
 * a browser or a lease. Those that race and kill start many processes, and get a core each.
 */
const RUNS = [
  { projects: ['unit', 'frontend', 'int', 'e2e'], options: ['--maxWorkers=3'] },
  { projects: ['races', 'faults'], options: ['--maxWorkers=2'] },
  { projects: ['servers'], options: ['--maxWorkers=2'], onlyIfSelected: true },
];
const NEED_REDIS = ['int', 'races', 'faults', 'e2e', 'servers'];
const projectsOf = (runs) => runs.flatMap(({ projects }) => projects);

/** @returns {{selected: string[], rest: string[]}} the projects asked for (none: all) and jest's other arguments */
function splitArguments(args) {
  const at = args.indexOf('--selectProjects');
  if (at < 0)
    return { selected: projectsOf(RUNS.filter(({ onlyIfSelected }) => !onlyIfSelected)), rest: args };
  const known = projectsOf(RUNS);
  let end = at + 1;
  while (end < args.length && known.includes(args[end])) end += 1;
  return { selected: args.slice(at + 1, end), rest: [...args.slice(0, at), ...args.slice(end)] };
}

function testEnvironment(selected) {
  const env = toolEnvironment();
  env.NODE_OPTIONS = [env.NODE_OPTIONS, '--experimental-vm-modules'].filter(Boolean).join(' ');
  if (selected.some((project) => NEED_REDIS.includes(project))) {
    const redis = obtainRedis(env);
    if (redis.kind === 'binary') env.REDIS_SERVER_BIN = redis.binary;
    else redis.stop();
  }
  if (selected.includes('e2e')) env.CHROMIUM_BIN = obtainChromium(env);
  return env;
}

/** @returns {Promise<{ok: boolean, passed: number, failed: number, skipped: number}>} */
function runJest(projects, args, env) {
  const folder = join(projectRoot, 'node_modules', '.cache', 'burnbag');
  const report = join(folder, `jest-${projects[0]}-${process.pid}.json`);
  mkdirSync(folder, { recursive: true });
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const fixed = ['--json', `--outputFile=${report}`, '--passWithNoTests', '--selectProjects', ...projects];
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedNode(), [jest, ...args, ...fixed], { cwd: projectRoot, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve({ ok: code === 0, ...count(report) }));
  });
}

/** A file that could not be loaded counts as one failure. */
function count(report) {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(report, { force: true });
  }
}

async function main() {
  checkNode();
  const { selected, rest } = splitArguments(process.argv.slice(2));
  const env = await exclusively(async () => {
    await prepare();
    return testEnvironment(selected);
  });
  const total = { ok: true, passed: 0, failed: 0, skipped: 0 };
  for (const { projects, options } of RUNS) {
    const chosen = projects.filter((project) => selected.includes(project));
    if (chosen.length === 0) continue;
    const result = await runJest(chosen, [...options, ...rest], env);
    total.ok &&= result.ok;
    for (const key of ['passed', 'failed', 'skipped']) total[key] += result[key];
  }
  // Choosing tests by name makes jest report the others as skipped.
  const byName = rest.some((arg) => arg === '-t' || arg.startsWith('--testNamePattern'));
  const complete = total.skipped === 0 || byName;
  const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
  process.exitCode = total.ok && complete && total.failed === 0 && total.passed > 0 ? 0 : 1;
}

await main().catch(endPlainly);
