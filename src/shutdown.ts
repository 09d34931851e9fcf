import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { HealthService } from './platform/health/health.service.js';

const IDLE_SWEEP_MS = 50;

export interface ShutdownOptions {
  /**
   * Milliseconds in which a stopping process still accepts requests, until every balancer has seen it
   * unready.
   */
  readonly delaySeconds: number;
  /** Milliseconds that running requests may take after that. */
  readonly drainSeconds: number;
  /** Flushes the log. */
  readonly flush: () => void;
}

/**
 * SIGTERM, which an orchestrator sends while balancers still use this replica: becomes unready, serves new
 * requests for a while and closes their connections, then stops listening, then waits for running requests.
 * SIGINT and SIGHUP come from a terminal, without a balancer: they, and a second signal, skip the delay.
 */
export function endOnSignal(app: NestFastifyApplication, options: ShutdownOptions): void {
  const server = app.getHttpServer();
  const hurry = new AbortController();
  const sockets = openSockets(server);
  let ending = false;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (ending || signal !== 'SIGTERM') hurry.abort();
    if (ending) return;
    ending = true;
    app.get(HealthService).drain();
    // From here on each connection carries one more request, whose answer says "Connection: close".
    server.maxRequestsPerSocket = 1;
    await delay(options.delaySeconds * 1000, undefined, { signal: hurry.signal }).catch(() => undefined);

    const late = setTimeout(() => {
      options.flush();
      process.exit(1);
    }, options.drainSeconds * 1000);
    // What has arrived by now is read in the next turn of the event loop; closing before would reset it.
    await nextTurn();
    await nextTurn();
    // Busy connections become idle one by one, and their clients would keep them open.
    const idle = setInterval(() => closeIdle(server, sockets), IDLE_SWEEP_MS);
    await app.close();
    clearInterval(idle);
    clearTimeout(late);
    process.stdout.write(`Burnbag has stopped (${signal}).\n`);
    options.flush();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, (name) => void end(name));
}

function openSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/**
 * Node treats a connection that never sent a byte (a browser's spare one, a probe) as busy with its first
 * request.
 */
function closeIdle(server: Server, sockets: ReadonlySet<Socket>): void {
  server.closeIdleConnections();
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}
