import type { Server } from 'node:http';

import type { FastifyInstance } from 'fastify';

/**
 * Fastify's internal list of the servers that it adds for `localhost` (127.0.0.1 and ::1), which has no
 * public name.
 */
const BINDINGS = 'fastify.serverBindings';

/**
 * Runs `prepare` for the server of `app` now, and before the first request for each that it adds when it
 * listens: Fastify gives those none of the main server's listeners.
 */
export function forEveryServer(app: FastifyInstance, prepare: (server: Server) => void): void {
  prepare(app.server);
  app.addHook('onListen', (done) => {
    for (const server of addedServers(app)) {
      // Fastify passes upgrades on to the main server, where they would never be answered.
      server.removeAllListeners('upgrade');
      prepare(server);
    }
    done();
  });
}

function addedServers(app: FastifyInstance): readonly Server[] {
  for (
    let owner: object | null = app;
    owner !== null;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const symbol = Object.getOwnPropertySymbols(owner).find(({ description }) => description === BINDINGS);
    if (symbol) return Reflect.get(app, symbol) as readonly Server[];
  }
  throw new TypeError('Fastify has changed inside: its servers are not found');
}
