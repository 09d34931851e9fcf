/**
 * `npm run lighthouse`: Lighthouse for every page of the built app, as on a telephone and on a desk.
 * Prints the scores; exits with 1 where one is under its bound. `--fast` leaves out the timing and the desk.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obtainChromium } from './lib/obtain-chromium.mjs';
import { obtainRedis } from './lib/obtain-redis.mjs';
import { projectRoot, say } from './lib/shell.mjs';

/** Scores of 100, except for the one that is a measure of time. */
const BOUNDS = { performance: 98, accessibility: 100, 'best-practices': 100 };
const fast = process.argv.includes('--fast');
const PRESETS = fast ? ['mobile'] : ['mobile', 'desktop'];
const categories = Object.keys(BOUNDS).filter((name) => !fast || name !== 'performance');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startApp(dataDir) {
  const redis = obtainRedis(process.env);
  const port = await freePort();
  const store = redis.kind === 'url' ? { REDIS_URL: redis.url } : { REDIS_SERVER_BIN: redis.binary };
  const main = process.env.BB_MAIN ?? join(projectRoot, 'dist', 'main.js');
  const env = { ...process.env, ...store, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir };
  const app = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    app.stdout.on('data', (chunk) => String(chunk).includes('Burnbag is ready') && resolve());
    app.once('exit', () => reject(new Error('the app did not start')));
  });
  const stop = async () => {
    const gone = new Promise((resolve) => app.once('exit', resolve));
    app.kill('SIGTERM');
    await gone;
    redis.stop?.();
  };
  return { url: `http://localhost:${port}`, stop };
}

/** The URL of every page: of one live secret, and of an unknown one. */
async function pagesOf(url) {
  const answer = await fetch(`${url}/api/v1/secrets`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ content: 'audited' }),
  });
  const { id, receiptToken } = await answer.json();
  return {
    create: `${url}/`,
    reveal: `${url}/s/${id}`,
    receipt: `${url}/r#${receiptToken}`,
    'not found': `${url}/no/such/page`,
  };
}

/** @returns {Promise<object>} Lighthouse's report of one page */
function lighthouse(page, url, preset, chromium) {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'];
  const quiet = ['--disable-background-networking', '--disable-component-update'];
  const args = [
    join(projectRoot, 'node_modules', 'lighthouse', 'cli', 'index.js'),
    url,
    '--quiet',
    '--output=json',
    '--no-enable-error-reporting',
    // The page for an unknown URL answers 404, which the browser writes to its console.
    ...(page === 'not found' ? ['--ignore-status-code', '--skip-audits=errors-in-console'] : []),
    `--only-categories=${categories.join(',')}`,
    `--chrome-flags=${[...flags, ...quiet].join(' ')}`,
    ...(preset === 'desktop' ? ['--preset=desktop'] : []),
  ];
  const run = spawn(process.execPath, args, {
    env: { ...process.env, CHROME_PATH: chromium },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  run.stdout.on('data', (chunk) => (printed += chunk));
  return new Promise((resolve, reject) => {
    run.once('exit', (code) =>
      code === 0 ? resolve(JSON.parse(printed)) : reject(new Error(`lighthouse ended with ${code}`)),
    );
  });
}

/** The audits that cost points, as "title (score)". */
function lost(report, category) {
  const { auditRefs } = report.categories[category];
  return auditRefs
    .filter(({ id, weight }) => weight > 0 && (report.audits[id].score ?? 1) < 1)
    .map(({ id }) => `${id} ${report.audits[id].displayValue ?? ''}`.trim());
}

const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-audit-'));
const app = await startApp(dataDir);
try {
  const chromium = obtainChromium();
  const pages = await pagesOf(app.url);
  for (const preset of PRESETS) {
    const audit = ([page, url]) => {
      const once = () => lighthouse(page, url, preset, chromium);
      // Its tracing sometimes misses the start of the page on a busy machine; that says nothing about the
      // page.
      return once().catch(once);
    };
    // It waits most of the time; several run at once when nothing is timed.
    const early = fast ? await Promise.all(Object.entries(pages).map(audit)) : [];
    for (const [at, entry] of Object.entries(pages).entries()) {
      const [page] = entry;
      const report = early[at] ?? (await audit(entry));
      for (const category of categories) {
        const score = Math.round((report.categories[category].score ?? 0) * 100);
        const enough = score >= BOUNDS[category];
        if (!enough) process.exitCode = 1;
        const why = score < 100 ? `  ${lost(report, category).join('; ')}` : '';
        say(
          `${page}, ${preset}, ${category}: ${score}${enough ? '' : ` (at least ${BOUNDS[category]})`}${why}`,
        );
      }
    }
  }
} finally {
  await app.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
