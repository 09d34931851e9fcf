import type { IncomingMessage } from 'node:http';

import { badRequest } from '../../common/common.errors.js';

/** How long a client that was refused may go on sending before its connection is cut. */
const LINGER_MS = 5_000;

/**
 * The bytes of a request as they arrive: nothing is read before it is asked for, so a slow store slows the client
 * down. Leaving it early does not end the connection: the answer has to go there.
 */
export function bodyOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false });
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
