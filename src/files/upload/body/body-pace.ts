import type { IncomingMessage } from 'node:http';

import { bodyTooSlow } from '../../files.errors.js';

/** Milliseconds over which a client's rate is measured: a connection may well stall for half of it. */
const WINDOW_MS = 30_000;

export interface Pace {
  /** UPLOAD_MIN_RATE, in bytes per second, over each window. */
  readonly minRate: number;
  /** UPLOAD_MAX_SECONDS, in ms. */
  readonly mostMs: number;
  readonly windowMs?: number;
}

/**
 * Runs work that reads a body, and fails when the body comes too slowly: otherwise each connection, and what
 * it has written, would stay as long as its client likes. A window in which bytes waited for us does not
 * count: then the store was slow. The work itself continues until the caller ends the request.
 * @throws ProblemError upload_too_slow; errors of the work
 */
export async function paced<T>(
  request: IncomingMessage,
  { minRate, mostMs, windowMs = WINDOW_MS }: Pace,
  work: () => Promise<T>,
): Promise<T> {
  const { socket } = request;
  const least = (minRate * windowMs) / 1_000;
  const tooSlow = Promise.withResolvers<never>();
  let before = socket.bytesRead;
  const window = setInterval(() => {
    const came = socket.bytesRead - before;
    before = socket.bytesRead;
    if (came < least && request.readableLength === 0 && !request.complete)
      tooSlow.reject(bodyTooSlow(minRate));
  }, windowMs).unref();
  const late = setTimeout(() => tooSlow.reject(bodyTooSlow(minRate)), Math.min(mostMs, 2 ** 31 - 1)).unref();
  const working = work();
  // Its failure was reported already.
  working.catch(() => undefined);
  tooSlow.promise.catch(() => undefined);
  try {
    return await Promise.race([working, tooSlow.promise]);
  } finally {
    clearInterval(window);
    clearTimeout(late);
  }
}
