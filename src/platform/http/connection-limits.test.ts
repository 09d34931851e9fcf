import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';

import { endStalled, ignoreClosed, limitConnections, unanswered } from './connection-limits.js';
import { forEveryServer } from './every-server.js';

const LIMITS = { stallMs: 200, waitingMax: 4 };
/** More than the buffers of a connection hold. */
const LARGE = 'x'.repeat(32 * 2 ** 20);
let app: FastifyInstance;
let served: Socket[] = [];
/** Requests that Fastify was given, served or not. */
let handed = 0;
afterEach(() => app.close());

async function listen(host = '127.0.0.1'): Promise<number[]> {
  app = fastify({ connectionTimeout: LIMITS.stallMs, keepAliveTimeout: LIMITS.stallMs });
  served = [];
  handed = 0;
  forEveryServer(app, (server) => {
    endStalled(server);
    ignoreClosed(server);
  });
  app.addHook('onRequest', (_request, _reply, done) => {
    handed += 1;
    done();
  });
  limitConnections(app, LIMITS);
  app.addHook('onRequest', (request, _reply, done) => {
    served.push(request.raw.socket);
    done();
  });
  app.get('/large', () => LARGE);
  app.get('/small', () => 'small');
  app.get('/slow', async () => {
    await delay(4 * LIMITS.stallMs);
    return 'at last';
  });
  app.get('/hijacked', (_request, reply) => {
    reply.hijack();
    reply.raw.end('written to the raw socket');
  });
  await app.listen({ port: 0, host });
  return addresses().map(({ port }) => port);
}

const addresses = (): AddressInfo[] => app.addresses() as AddressInfo[];
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
/** A client that does not read until it is told to. */
function open(port: number, host = '127.0.0.1'): Socket {
  return connect(port, host)
    .on('error', () => undefined)
    .pause();
}

describe('a client that does not read its answer', () => {
  it('is cut off after a while', async () => {
    const [port = 0] = await listen();
    const client = open(port);
    client.write(get('/large'));
    while (served.length === 0) await delay(5);
    const [socket] = served;
    if (!socket?.destroyed) await once(socket as Socket, 'close');
    expect(socket?.destroyed).toBe(true);
    client.destroy();
  });

  it('is cut off at once when it sends further requests', async () => {
    const [port = 0] = await listen();
    const client = open(port);
    client.write(get('/large').repeat(1_000));
    while (served.length === 0) await delay(5);
    const [socket] = served;
    if (!socket?.destroyed) await once(socket as Socket, 'close');
    expect(served.length).toBeLessThanOrEqual(LIMITS.waitingMax);
    // The one too many closed the connection; what had arrived behind it was dropped.
    expect(handed).toBe(LIMITS.waitingMax + 1);
    client.destroy();
  });
});

describe('a client that reads', () => {
  it('may do so slowly', async () => {
    const [port = 0] = await listen();
    const client = open(port);
    client.write(get('/large'));
    let bytes = 0;
    while (bytes < LARGE.length / 2) {
      const piece: Buffer | null = client.read(2 ** 18) ?? client.read();
      bytes += piece?.length ?? 0;
      await delay(5);
    }
    expect(client.destroyed).toBe(false);
    client.destroy();
  });

  it('may wait for an answer that takes the server long', async () => {
    const [port = 0] = await listen();
    const client = open(port).resume();
    client.write(get('/slow'));
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toContain('at last');
    client.destroy();
  });

  it('may send many requests, also for answers written to the raw socket', async () => {
    const [port = 0] = await listen();
    const client = open(port).resume();
    for (let time = 0; time < 3 * LIMITS.waitingMax; time++) {
      client.write(get(time % 2 ? '/small' : '/hijacked'));
      await once(client, 'data');
    }
    const [socket] = served;
    while (unanswered(socket as Socket) > 0) await delay(5);
    expect(served).toHaveLength(3 * LIMITS.waitingMax);
    client.destroy();
  });

  it('is disconnected when it has no more requests', async () => {
    const [port = 0] = await listen();
    const client = open(port).resume();
    client.write(get('/small'));
    await once(client, 'close');
    expect(served).toHaveLength(1);
  });
});

it('hold on every IP address of localhost, also for clients that ask for another protocol', async () => {
  await listen('localhost');
  for (const { address, port } of addresses()) {
    const client = open(port, address).resume();
    client.write('GET /small HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toContain('small');
    await once(client, 'close');
  }
});
