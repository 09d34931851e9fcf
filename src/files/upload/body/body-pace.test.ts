import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, describe, expect, it } from '@jest/globals';

import { paced, type Pace } from './body-pace.js';

const TOO_SLOW = { kind: { code: 'upload_too_slow', status: 408 } };
const servers: http.Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

type Work = (request: http.IncomingMessage) => Promise<unknown>;

/** Result of reading a body at this pace. @param send sends the body */
async function read(pace: Pace, work: Work, send: (request: http.ClientRequest) => Promise<void>) {
  const outcome = Promise.withResolvers<unknown>();
  const server = http.createServer((request, response) => {
    paced(request, pace, () => work(request)).then(outcome.resolve, outcome.resolve);
    outcome.promise.finally(() => response.end());
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const request = http.request({ port, method: 'POST', agent: false });
  request.on('error', () => undefined);
  const sending = send(request);
  const ended = await outcome.promise;
  await sending;
  return ended;
}

const count: Work = async (request) => {
  let bytes = 0;
  for await (const piece of request) bytes += (piece as Buffer).length;
  return bytes;
};

async function inPieces(request: http.ClientRequest, pieces: number, bytes: number, pauseMs: number) {
  for (let n = 0; n < pieces; n++) {
    request.write(Buffer.alloc(bytes));
    await delay(pauseMs);
  }
  request.end();
}

describe('the pace of a body', () => {
  it('lets a fast body through, and returns the result of the work', async () => {
    const pace = { minRate: 1_000, mostMs: 60_000, windowMs: 500 };
    expect(await read(pace, count, (request) => inPieces(request, 10, 1_000, 150))).toBe(10_000);
  });

  it('ends a body that comes byte by byte', async () => {
    const pace = { minRate: 1_000, mostMs: 60_000, windowMs: 300 };
    const ended = await read(pace, count, (request) => inPieces(request, 30, 1, 50));
    expect(ended).toMatchObject(TOO_SLOW);
  });

  it('ends a body that takes longer than allowed, at any rate', async () => {
    const pace = { minRate: 1, mostMs: 400, windowMs: 60_000 };
    const ended = await read(pace, count, (request) => inPieces(request, 20, 10_000, 50));
    expect(ended).toMatchObject(TOO_SLOW);
  });

  it('does not blame a client for a store that stalls', async () => {
    const pace = { minRate: 1_000_000, mostMs: 60_000, windowMs: 100 };
    const slow: Work = async (request) => {
      await once(request, 'readable');
      await delay(600);
      return count(request);
    };
    expect(await read(pace, slow, (request) => inPieces(request, 1, 50_000, 0))).toBe(50_000);
  });

  it('passes the failure of the work on', async () => {
    const pace = { minRate: 1, mostMs: 60_000 };
    const ended = await read(
      pace,
      () => Promise.reject(new RangeError('no')),
      async (request) => {
        request.end();
      },
    );
    expect(ended).toBeInstanceOf(RangeError);
  });
});
