import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that a system hands out by itself: those of connections, and of servers that ask for any. */
const LOWEST = 20_000;
/** For each of the workers that run side by side. */
const EACH = 1_000;
const WORKERS = 12;

let next = Math.floor(Math.random() * EACH);

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!(await listening)) return false;
  server.close();
  await once(server, 'close');
  return true;
}

/**
 * A port of the loopback interface that nothing listened on a moment ago. It is from a range of this worker's: whatever
 * else starts meanwhile does not take it, nor while its server is down to be started again.
 * @throws when all of the range are taken
 */
export async function freePort(): Promise<number> {
  const first = LOWEST + EACH * (Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS);
  for (let tries = 0; tries < EACH; tries += 1) {
    const port = first + (next++ % EACH);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${first} on`);
}
