import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { receivesLongBody } from './validation/long-body.js';

export interface ConnectionLimits {
  /** Milliseconds that a client may leave an answer unread before its connection is closed. */
  readonly stallMs: number;
  /**
   * Requests of one connection that may wait for their answers: each of these answers stays in memory until
   * it is read.
   */
  readonly waitingMax: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { stallMs: 60_000, waitingMax: 4 };

const waiting = Symbol('requests without an answer');
const latest = Symbol('answer to the latest request');

declare module 'node:net' {
  interface Socket {
    [waiting]?: number;
    [latest]?: ServerResponse;
  }
}

/** @returns how many requests of this connection have no complete answer yet */
export const unanswered = (socket: Socket): number => socket[waiting] ?? 0;

/** @returns whether bytes written to this connection now could be in the middle of an answer */
export function hasBegunAnswer(socket: Socket): boolean {
  const count = unanswered(socket);
  return count > 1 || (count === 1 && socket[latest]?.headersSent === true);
}

/**
 * Closes connections whose clients do not read: after a time, and at once when they send further requests
 * (HTTP pipelining has no limit of its own in Node).
 */
export function limitConnections(app: FastifyInstance, { waitingMax }: ConnectionLimits): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const count = unanswered(socket) + 1;
    socket[waiting] = count;
    socket[latest] = reply.raw;
    if (count <= waitingMax) return done();
    reply.hijack();
    socket.destroy();
  });
  app.addHook('onResponse', ({ raw: { socket } }: FastifyRequest, _reply, done) => {
    socket[waiting] = unanswered(socket) - 1;
    done();
  });
}

/** Ignores what the parser still finds in bytes that arrived before their connection was closed. */
export function ignoreClosed(server: Server): void {
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (request.socket.destroyed) return;
    for (const handle of handlers) void handle(request, response);
  });
}

/** Action of a server on a connection that was idle for its `timeout`. */
export function endStalled(server: Server): void {
  server.on('timeout', (socket) => {
    // The handler still works, and all earlier answers have been read: not the client's fault.
    const isOurs = unanswered(socket) > 0 && socket.writableLength === 0 && !receivesLongBody(socket);
    if (!isOurs) socket.destroy();
  });
}
