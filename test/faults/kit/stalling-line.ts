import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

import { endAfterTests } from '../../support/leftovers.js';

export interface StallingLine {
  readonly port: number;
  /** Resolves when the last byte was let through. */
  readonly stalled: Promise<void>;
}

/**
 * Passes connections on until their clients have sent `bytes` together; from then on nothing of them arrives. A process
 * behind it stands still in the middle of its work, however fast the machine is.
 */
export async function stallingLine(target: number, bytes: number): Promise<StallingLine> {
  let left = bytes;
  let stall = (): void => undefined;
  const stalled = new Promise<void>((resolve) => (stall = resolve));
  const server = createServer((client) => {
    const redis = connect(target, '127.0.0.1');
    client.on('data', (data: Buffer) => {
      if (left > 0) redis.write(data.subarray(0, left));
      left -= data.length;
      if (left <= 0) stall();
    });
    redis.pipe(client);
    for (const [one, other] of [[client, redis] as const, [redis, client] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endAfterTests(async () => void server.close());
  return { port: (server.address() as AddressInfo).port, stalled };
}
