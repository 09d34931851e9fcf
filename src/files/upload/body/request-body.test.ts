import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import { bodyOf, giveWay } from './request-body.js';

let server: Server;
let client: Socket;
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

/** A request that announces 100,000 bytes. */
async function announced(): Promise<{ request: IncomingMessage; response: ServerResponse }> {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  return { request, response };
}

/** The bytes of a body, and how it ends. @param ms delay of the reader after each piece */
async function read(request: IncomingMessage, ms = 0): Promise<{ bytes: number; error: boolean }> {
  let bytes = 0;
  try {
    for await (const piece of bodyOf(request)) {
      bytes += piece.length;
      await delay(ms);
    }
  } catch {
    return { bytes, error: true };
  }
  return { bytes, error: false };
}

describe('a body', () => {
  it('that breaks off yields everything that had arrived, however slowly it is read', async () => {
    const { request } = await announced();
    client.write(Buffer.alloc(1_000));
    const reading = read(request, 200);
    await delay(50);
    // While the reader is busy, more arrives, and then the connection ends.
    for (let sent = 0; sent < 5; sent++) {
      client.write(Buffer.alloc(1_000));
      await delay(5);
    }
    client.resetAndDestroy();
    expect(await reading).toEqual({ bytes: 6_000, error: true });
  });

  it('that is left early leaves its connection for the answer', async () => {
    const { request, response } = await announced();
    client.write(Buffer.alloc(1_000));
    for await (const piece of bodyOf(request)) if (piece.length > 0) break;
    response.end('refused');
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toContain('refused');
  });

  it('that must yield to another writer is read until it is silent', async () => {
    const { request } = await announced();
    const reading = read(request);
    giveWay(request, { silenceMs: 2_000, mostMs: 60_000 });
    for (let sent = 0; sent < 5; sent++) {
      client.write(Buffer.alloc(1_000));
      await delay(30);
    }
    expect(await reading).toEqual({ bytes: 5_000, error: true });
  });

  it('that must yield to another writer and is never silent is ended all the same', async () => {
    const { request } = await announced();
    const sending = setInterval(() => client.write('x'), 20);
    const reading = read(request);
    giveWay(request, { silenceMs: 600_000, mostMs: 1_000 });
    expect((await reading).error).toBe(true);
    clearInterval(sending);
  }, 30_000);
});
