import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds that a long body may stall. */
const STALL_MS = 60_000;

type ErrorListener = (error: Error & { code?: string }, socket: Socket) => void;

const long = new WeakSet<Socket>();
const guarded = new WeakSet<Server>();

/** Whether a long body is still arriving: then the client is the one that stalls. */
export const receivesLongBody = (socket: Socket): boolean => long.has(socket);

/**
 * Lets this request take as long as its body needs: exempts it from the server's requestTimeout, which cuts
 * slow senders off. A body that stalls for a minute is cut off all the same. Ends with the request.
 */
export function allowLongBody(request: IncomingMessage, stallMs = STALL_MS): void {
  const { socket } = request;
  const { server } = socket as Socket & { server?: Server };
  if (!server || request.complete || socket.destroyed) return;
  guard(server);
  long.add(socket);
  // Node counts received bytes as activity of the socket, and destroys it after this time without any.
  socket.setTimeout(stallMs);
  const ended = (): void => {
    long.delete(socket);
    // Node sets the same once it has answered, and none for the next request.
    socket.setTimeout(server.keepAliveTimeout);
    request.off('end', ended).off('close', ended);
  };
  request.once('end', ended).once('close', ended);
}

/**
 * Node reports a request that took too long once, as a client error, and leaves it to the listeners to end
 * it. Fastify gives its second server for `localhost` no listener, so Node would end it by itself.
 */
function guard(server: Server): void {
  if (guarded.has(server)) return;
  guarded.add(server);
  const others = server.listeners('clientError') as ErrorListener[];
  server.removeAllListeners('clientError');
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && long.has(socket as Socket)) return;
    for (const listener of others) listener.call(server, error, socket as Socket);
    if (others.length === 0) socket.destroy(error);
  });
}
