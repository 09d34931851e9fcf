/** Loaded before the portal (`node --import`): prints every route that any part of it gives to Fastify, with its limit. */
import { subscribe } from 'node:diagnostics_channel';

subscribe('fastify.initialization', ({ fastify }) => {
  const routes = [];
  fastify.addHook('onRoute', (route) => routes.push(route));
  fastify.addHook('onReady', async () => {
    // Read only now: later hooks may still have changed what a route declares.
    const told = routes.flatMap(({ method, url, config }) =>
      [method].flat().map((each) => ({ name: `${each} ${url}`, limit: config?.limit ?? null })),
    );
    process.stdout.write(`ROUTES ${JSON.stringify(told)}\n`);
  });
});
