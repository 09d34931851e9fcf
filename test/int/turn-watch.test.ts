import { fork } from 'node:child_process';
import { once } from 'node:events';

import { expect, it } from '@jest/globals';

const WATCH = new URL('../attacks/turn-watch.mjs', import.meta.url).href;
const BUSY_MS = 120;
/** Computes for a while, waits for as long without computing, and says that it is done. */
const PROGRAM = `data:text/javascript,${encodeURIComponent(`
  setTimeout(() => {
    const start = process.threadCpuUsage();
    const used = () => process.threadCpuUsage(start);
    while (used().user + used().system < ${BUSY_MS * 1_000});
    setTimeout(() => process.send('done'), ${BUSY_MS});
  }, 50);
  setInterval(() => undefined, 1000);
`)}`;

it('the watch of the attacks tells the CPU time of the longest turn, once', async () => {
  // Node reads the program `-` to its end before it imports anything: an inherited stdin may never end.
  const child = fork('-', [], {
    execArgv: ['--import', WATCH, '--import', PROGRAM],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    expect((await once(child, 'message'))[0]).toBe('done');
    const take = async (): Promise<{ cpuMs: number; wallMs: number }> => {
      child.send('take');
      const [turn] = (await once(child, 'message')) as [{ cpuMs: number; wallMs: number }];
      return turn;
    };
    const longest = await take();
    expect(longest.cpuMs).toBeGreaterThanOrEqual(BUSY_MS);
    expect(longest.wallMs).toBeGreaterThanOrEqual(longest.cpuMs - 1);
    expect((await take()).cpuMs).toBeLessThan(BUSY_MS);
  } finally {
    child.kill('SIGKILL');
  }
});
