import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { passedThrough } from './short-lived-buffers.js';

const PIECE = 65_536;
const MIB = 1_048_576;

/** Maximum total bytes of live buffers while this many bytes pass in pieces. */
async function mostHeld(bytes: number, told: boolean): Promise<number> {
  let most = 0;
  for (let at = 0; at < bytes; at += PIECE) {
    Buffer.allocUnsafeSlow(PIECE).fill(1);
    if (told) passedThrough(PIECE);
    most = Math.max(most, process.memoryUsage().arrayBuffers);
    if (at % MIB === 0) await turn();
  }
  return most;
}

describe('buffers of a stream', () => {
  it('do not pile up', async () => {
    await mostHeld(8 * MIB, true);
    const before = process.memoryUsage().arrayBuffers;
    expect((await mostHeld(256 * MIB, true)) - before).toBeLessThan(8 * MIB);
  });

  it('pile up without the call, which proves that it is needed', async () => {
    const before = process.memoryUsage().arrayBuffers;
    expect((await mostHeld(256 * MIB, false)) - before).toBeGreaterThan(8 * MIB);
  });
});
