import type { IncomingMessage } from 'node:http';

import { errorCodes, type FastifyRequest } from 'fastify';

/**
 * Collects a body as Fastify's parser does, and looks at each piece before it is kept: what is refused takes no memory.
 * @param request with the limit of its route
 * @param take throws to refuse the body
 * @param done is called once, with all bytes or the error
 */
export function collectBody(
  { routeOptions: { bodyLimit }, headers }: FastifyRequest,
  payload: IncomingMessage,
  take: (piece: Buffer) => void,
  done: (error: Error | null, body?: Buffer) => void,
): void {
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  if (length !== undefined && length > bodyLimit) return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
  const pieces: Buffer[] = [];
  let received = 0;
  const end = (error: Error | null): void => {
    payload.off('data', onData).off('end', onEnd).off('error', end);
    if (error === null) done(null, Buffer.concat(pieces, received));
    else done(error);
  };
  const onEnd = (): void =>
    end(
      length === undefined || received === length
        ? null
        : new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH(),
    );
  const onData = (piece: Buffer): void => {
    received += piece.length;
    if (received > bodyLimit) return end(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    try {
      take(piece);
    } catch (error) {
      return end(error as Error);
    }
    pieces.push(piece);
  };
  payload.on('data', onData).on('end', onEnd).on('error', end);
}
