/** The built portal with a Redis of its own, watched from outside. Only on Linux, only on the loopback interface. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { RUNTIME_FLAGS } from '../../scripts/lib/prepare.mjs';
import { freePort } from '../bench/servers.mjs';
import { childNamed, cpuSeconds, peakBytes, residentBytes, resetPeak } from './process-stats.mjs';

/** `BB_MAIN` names another build. */
const MAIN = process.env.BB_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const WATCH = new URL('./turn-watch.mjs', import.meta.url).href;
const START_MS = 60_000;

/** A disk of the given size, in memory and in a mount namespace of its own; the process id stays the one of the command. */
const onSmallDisk = (bytes, dir, command) => [
  'unshare',
  ['-rm', 'sh', '-c', `mount -t tmpfs -o size=${bytes} tmpfs "$0" && exec "$@"`, dir, ...command],
];

/**
 * @param {{env?: Record<string, string>, databaseUrl: string, diskBytes?: number}} options `diskBytes`: DATA_DIR is a disk
 *   of that size
 */
export async function startPortal({ env = {}, databaseUrl, diskBytes }) {
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-attacks-'));
  const command = [process.execPath, ...RUNTIME_FLAGS, '--import', WATCH, MAIN];
  const [program, args] =
    diskBytes === undefined ? [command[0], command.slice(1)] : onSmallDisk(diskBytes, dataDir, command);
  const child = spawn(program, args, {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      REDIS_SERVER_BIN: process.env.REDIS_SERVER_BIN,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => (output = `${output}${text}`.slice(-20_000)));
  }
  const exited = once(child, 'exit');
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    child.kill('SIGTERM');
    const impatience = setTimeout(kill, 30_000);
    await exited;
    clearTimeout(impatience);
    process.off('exit', kill);
    rmSync(dataDir, { recursive: true, force: true });
  };
  for (const since = Date.now(); !output.includes('is ready at');) {
    if (isOver() || Date.now() - since > START_MS) {
      kill();
      rmSync(dataDir, { recursive: true, force: true });
      throw new Error(`the portal did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { pid } = child;
  const takeTurn = async () => {
    child.send('take');
    const [turn] = await once(child, 'message');
    return turn;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    startWatching: async () => {
      const peak = peakBytes(pid);
      resetPeak(pid);
      await takeTurn();
      return peak;
    },
    /** Of Redis: 0 while there is none, for it may end and be started again. */
    usage: () => {
      const redis = childNamed(pid, 'redis') ?? childNamed(pid, 'valkey');
      const redisBytes = redis === undefined ? 0 : residentBytes(redis);
      return { cpu: cpuSeconds(pid), redisBytes, peak: peakBytes(pid) };
    },
    takeTurn,
    stop,
  };
}
