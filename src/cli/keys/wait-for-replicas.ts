import { setTimeout as delay } from 'node:timers/promises';

import type { Replica } from '../../rotation/replica-registry.types.js';
import type { Terminal } from '../command.js';

const LOOK_MS = 500;
/** Several polls of the key file by each replica, and time for a volume to update. */
const PATIENCE_MS = 30_000;

export function countOf(replicas: readonly Replica[]): string {
  return replicas.length === 1 ? '1 replica' : `${replicas.length} replicas`;
}

/**
 * Waits until all replicas are as wanted, and prints the result.
 * @param what the expected state, such as `hold key 2`
 * @returns whether all reached it
 */
export async function waitForReplicas(
  replicas: () => Promise<Replica[]>,
  isDone: (replica: Replica) => boolean,
  what: string,
  terminal: Terminal,
  patienceMs = PATIENCE_MS,
): Promise<boolean> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const running = await replicas();
    const late = running.filter((replica) => !isDone(replica));
    if (late.length === 0) {
      terminal.status?.('');
      terminal.out(running.length === 0 ? 'No replica is running.' : `${countOf(running)} ${what}.`);
      return true;
    }
    if (performance.now() > until) {
      terminal.status?.('');
      terminal.out(`Not yet: ${late.map(({ name }) => name).join(', ')}. See "keys list", and their logs.`);
      return false;
    }
    terminal.status?.(`waiting for ${late.length} of ${countOf(running)} to ${what} ...`);
    await delay(LOOK_MS);
  }
}
