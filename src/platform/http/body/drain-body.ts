import type { IncomingMessage } from 'node:http';

import type { FastifyInstance, FastifyReply } from 'fastify';

/** Limits of draining a body, in ms and in bytes: an answer waits at most that long. */
const WAIT = { ms: 4_000, bytes: 67_108_864 };

/** Whether the connection ends with this answer, which nginx requests by default. */
function closes(reply: FastifyReply): boolean {
  return !reply.raw.shouldKeepAlive || String(reply.getHeader('connection')).toLowerCase() === 'close';
}

function hasMore(request: IncomingMessage): boolean {
  const { headers, complete, destroyed } = request;
  const length = Number(headers['content-length'] ?? 0);
  return !complete && !destroyed && (length > 0 || headers['transfer-encoding'] !== undefined);
}

/** Drains the rest of a body. @param then is called once: at its end, or at one of the limits */
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
  // Its reader may have paused it.
  request.resume();
}

/**
 * When the connection ends with an answer, holds it until the request's body is drained. Closing with unread
 * bytes resets the connection: a proxy that still writes sees the reset instead of the answer, and answers
 * its client 502.
 */
export function drainBodies(app: FastifyInstance): void {
  // With a callback: a promise for each answer would cost those that need not wait.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (hasMore(request.raw) && closes(reply)) readAway(request.raw, () => done(null, payload));
    else done(null, payload);
  });
}
