import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { afterAll, describe, expect, it } from '@jest/globals';

import type { BlobStore } from '../../store/blob-store.port.js';
import { BlobSource } from './blob-source.js';
import { DownloadStream } from './download-stream.js';
import { LeaseEndedError } from '../download-lease.js';
import { freeBuffer } from './free-buffer.js';

const PIECE = 65_536;
const agent = new http.Agent({ keepAlive: true });
const servers: http.Server[] = [];
afterAll(() => {
  agent.destroy();
  for (const server of servers) server.close();
});

/** A store whose blob yields a number of pieces of its position, then stalls without an end. */
function hangingStore(pieces: number): { store: BlobStore; streams: Readable[] } {
  const streams: Readable[] = [];
  const read = (): Promise<Readable> => {
    let at = 0;
    const stream = new Readable({
      highWaterMark: PIECE,
      read() {
        if (at < pieces) this.push(Buffer.alloc(PIECE, at++));
      },
    });
    streams.push(stream);
    return Promise.resolve(stream);
  };
  return { store: { read } as unknown as BlobStore, streams };
}

interface Outcome {
  /** Result of `sendTo`. */
  readonly sent: Promise<unknown>;
  readonly response: http.IncomingMessage;
}

/** Sends the pieces to a real client, over a keep-alive connection. */
async function deliver(
  pieces: AsyncGenerator<Uint8Array, void, undefined>,
  { source = new BlobSource(hangingStore(0).store, '', 0), leaseMs = 60_000 } = {},
): Promise<Outcome> {
  let sent: Promise<unknown> = Promise.resolve();
  const server = http.createServer((_, response) => {
    response.setHeader('content-length', 10 * PIECE);
    const send = async (): Promise<void> => {
      const renew = () => Promise.resolve(undefined);
      const lease = { leaseMs, endsAt: Date.now() + leaseMs, renew, onTrouble: () => undefined };
      await new DownloadStream(await pieces.next(), pieces, source, lease).sendTo(response);
    };
    sent = send().then(
      () => 'sent',
      (error: unknown) => error,
    );
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(http.get({ port, agent }), 'response')) as [http.IncomingMessage];
  return { sent, response };
}

/** Every byte, and whether the answer ended regularly. */
async function receive(response: http.IncomingMessage): Promise<{ bytes: number; whole: boolean }> {
  let bytes = 0;
  try {
    for await (const piece of response) bytes += (piece as Buffer).length;
    return { bytes, whole: true };
  } catch {
    return { bytes, whole: false };
  }
}

async function* given(count: number, end?: Error): AsyncGenerator<Uint8Array, void, undefined> {
  for (let n = 0; n < count; n++) yield new Uint8Array(PIECE).fill(n);
  if (end) throw end;
}

/**
 * Separate buffers, as a decryptor makes them: those of a source are valid until the next one is requested.
 */
async function* opened(source: BlobSource): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of source.read(0, 10 * PIECE)) yield Uint8Array.from(piece);
}

describe('a stream', () => {
  it('gives everything and ends', async () => {
    const { sent, response } = await deliver(given(10));
    expect(await receive(response)).toEqual({ bytes: 10 * PIECE, whole: true });
    expect(await sent).toBe('sent');
  });

  it('that fails breaks the connection, also one that is kept alive, and reports why', async () => {
    const reason = new RangeError('damaged');
    const { sent, response } = await deliver(given(3, reason));
    expect(await receive(response)).toMatchObject({ whole: false });
    expect(await sent).toBe(reason);
  });

  it('to a client that disconnects ends at once, though its store stalls, and is not a failure', async () => {
    const { store, streams } = hangingStore(2);
    const source = new BlobSource(store, 'id', 10 * PIECE);
    const { sent, response } = await deliver(opened(source), { source });
    await once(response, 'readable');
    response.destroy();
    expect(await sent).toBe('sent');
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('that outlives its lease breaks off, though its store stalls', async () => {
    const { store, streams } = hangingStore(2);
    const source = new BlobSource(store, 'id', 10 * PIECE);
    const outcome = await deliver(opened(source), { source, leaseMs: 1_500 });
    expect(await receive(outcome.response)).toEqual({ bytes: 2 * PIECE, whole: false });
    expect(await outcome.sent).toBeInstanceOf(LeaseEndedError);
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});

describe('release', () => {
  it('frees a buffer that fills its memory, and leaves a shared one alone', () => {
    const own = Buffer.allocUnsafeSlow(PIECE);
    freeBuffer(own);
    expect([own.length, own.buffer.byteLength]).toEqual([0, 0]);
    const pooled = Buffer.from('pooled');
    freeBuffer(pooled);
    expect(pooled.toString()).toBe('pooled');
    const whole = new Uint8Array(PIECE);
    freeBuffer(whole.subarray(1));
    expect(whole.length).toBe(PIECE);
    freeBuffer(new Uint8Array(0));
  });
});
