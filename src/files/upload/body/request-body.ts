import type { IncomingMessage } from 'node:http';

import { badRequest } from '../../../platform/http/problem/common.errors.js';

/** Milliseconds that a refused client may continue to send before its connection is closed. */
const LINGER_MS = 5_000;

/** A writer that must yield reads on while more comes: the silence that ends it, and the maximum, in ms. */
const GIVE_WAY = { silenceMs: 100, mostMs: 1_000 };

/**
 * The bytes of a request as they arrive: reads only on demand, so a slow store slows the client down. Leaving
 * it early does not end the connection: the answer still uses it. When the connection breaks, what had
 * arrived comes before the error.
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
 * Ends a request whose client is back on another connection. Drains the system's buffers first: a dead
 * connection is silent at once.
 */
export function giveWay(request: IncomingMessage, { silenceMs, mostMs } = GIVE_WAY): void {
  request.socket.setTimeout(silenceMs);
  const late = setTimeout(() => request.destroy(), mostMs).unref();
  request.once('close', () => clearTimeout(late));
}

/** The request ended before its body did. */
export const cutOff = () => badRequest('The connection ended before the whole body had arrived.');

/**
 * Drains what a refused client still sends, for a while: closing with unread bytes would reset the
 * connection, and the client would see that instead of the answer.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const late = setTimeout(() => request.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(late));
  request.resume();
}
