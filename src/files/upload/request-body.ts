import type { IncomingMessage } from 'node:http';

import { badRequest } from '../../common/common.errors.js';

/** How long a client that was refused may go on sending before its connection is cut. */
const LINGER_MS = 5_000;

/** Whoever has to give way reads on while more comes: how long a silence ends that, and what ends it in any case. */
const GIVE_WAY = { silenceMs: 100, mostMs: 1_000 };

/**
 * The bytes of a request as they arrive: nothing is read before it is asked for, so a slow store slows the client
 * down. Leaving it early does not end the connection: the answer has to go there. When the connection breaks, what
 * had arrived comes out before the error.
 */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (error) {
    for (let rest: unknown = request.read(); Buffer.isBuffer(rest); rest = request.read()) yield rest;
    throw error;
  }
}

/**
 * Ends a request whose client is back on another connection. What still lies in the buffers of the system is read
 * first: a dead connection falls silent at once.
 */
export function giveWay(request: IncomingMessage, { silenceMs, mostMs } = GIVE_WAY): void {
  request.socket.setTimeout(silenceMs);
  const late = setTimeout(() => request.destroy(), mostMs).unref();
  request.once('close', () => clearTimeout(late));
}

/** The request ended before its body did. */
export const cutOff = () => badRequest('The connection ended before the whole body had arrived.');

/**
 * Reads away what a refused client still sends, for a while: closing with bytes unread would reset the connection,
 * and the client would see that instead of the answer.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const late = setTimeout(() => request.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(late));
  request.resume();
}
