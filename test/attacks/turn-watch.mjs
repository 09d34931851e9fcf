/**
 * Loaded into the portal before its own code (`--import`): tells over the IPC channel how long the main thread computed
 * at most without coming back to its timers. In CPU time, which other programs of the machine do not lengthen.
 */
import { isMainThread } from 'node:worker_threads';

/** A turn is told too long by up to this. */
const BEAT_MS = 5;

function watch() {
  let longest = { cpuMs: 0, wallMs: 0 };
  let cpu = process.threadCpuUsage();
  let wall = performance.now();
  setInterval(() => {
    const [nowCpu, nowWall] = [process.threadCpuUsage(), performance.now()];
    const cpuMs = (nowCpu.user + nowCpu.system - cpu.user - cpu.system) / 1_000;
    longest = {
      cpuMs: Math.max(longest.cpuMs, cpuMs),
      wallMs: Math.max(longest.wallMs, nowWall - wall),
    };
    [cpu, wall] = [nowCpu, nowWall];
  }, BEAT_MS).unref();
  process.on('message', () => {
    process.send(longest);
    longest = { cpuMs: 0, wallMs: 0 };
  });
  process.channel.unref();
}

if (isMainThread && process.channel) watch();
