import type { IncomingMessage } from 'node:http';

import type { FastifyInstance, FastifyReply } from 'fastify';

/** An answer waits for the rest of its request's body: so long, or so many bytes, at most. */
const WAIT = { ms: 4_000, bytes: 67_108_864 };

/** Whether the connection ends with this answer, as nginx asks of it by default. */
function closes(reply: FastifyReply): boolean {
  return !reply.raw.shouldKeepAlive || String(reply.getHeader('connection')).toLowerCase() === 'close';
}

function hasMore(request: IncomingMessage): boolean {
  const { headers, complete, destroyed } = request;
  const length = Number(headers['content-length'] ?? 0);
  return !complete && !destroyed && (length > 0 || headers['transfer-encoding'] !== undefined);
}

/** Reads away what still comes. @param then is called once: at its end, or at one of the limits */
function readAway(request: IncomingMessage, then: () => void): void {
  let left = WAIT.bytes;
  const count = (piece: Buffer): void => {
    left -= piece.length;
    if (left < 0) done();
  };
  const late = setTimeout(done, WAIT.ms).unref();
  function done(): void {
    clearTimeout(late);
    request.off('data', count).off('end', done).off('close', done).off('error', done);
    then();
  }
  request.on('data', count).once('end', done).once('close', done).once('error', done);
  // It may have been paused by what read it before.
  request.resume();
}

/**
 * Holds an answer that comes before the end of a body until the body is read away, where the connection ends with it.
 * Closing with bytes unread resets the connection: a proxy that still writes sees the reset instead of the answer, and
 * tells its client 502.
 */
export function drainBodies(app: FastifyInstance): void {
  // With a callback: a promise for each answer would cost those that have nothing to wait for.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (hasMore(request.raw) && closes(reply)) readAway(request.raw, () => done(null, payload));
    else done(null, payload);
  });
}
