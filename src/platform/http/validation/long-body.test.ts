import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import { allowLongBody } from './long-body.js';

const TIMES = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 50 };
const LONGER = 700;
let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Answers with the number of bytes of a body. @param handled whether the server has a listener, as Fastify's has */
async function listen(handled: boolean, stallMs = 60_000): Promise<number> {
  server = createServer(TIMES, async (request, response) => {
    if (request.url === '/long') allowLongBody(request, stallMs);
    let bytes = 0;
    request.on('error', () => undefined);
    request.on('data', (data: Buffer) => (bytes += data.length));
    request.on('end', () => response.end(`got ${bytes}`));
  });
  if (handled) server.on('clientError', (error, socket) => socket.destroy(error));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Sends ten bytes, one at a time, over `ms` milliseconds. @returns what came back until the end */
async function send(port: number, path: string, ms: number): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('error', () => undefined).on('data', (data: Buffer) => (answer += data.toString()));
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\n`);
  for (let sent = 0; sent < 10 && !socket.destroyed; sent++) {
    await delay(ms / 10);
    socket.write('x');
  }
  if (!socket.destroyed) await once(socket, 'close');
  return answer;
}

describe.each([true, false])('a long body (with a listener: %p)', (handled) => {
  it('may take longer than any other request', async () => {
    const port = await listen(handled);
    expect(await send(port, '/long', LONGER)).toContain('got 10');
    expect(await send(port, '/short', LONGER)).not.toContain('got 10');
  });

  it('is cut off when it stalls', async () => {
    const port = await listen(handled, 30);
    expect(await send(port, '/long', LONGER)).toBe('');
  });

  it('does not affect the next request on its connection', async () => {
    const port = await listen(handled);
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write('POST /long HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx');
    await once(socket, 'data');
    socket.write('POST /short HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n');
    // The allowance of the first request would keep it for a minute.
    await once(socket.resume(), 'close');
    expect(socket.destroyed).toBe(true);
  }, 30_000);
});
