/** Loaded before the portal (`node --import`): prints every route that any part of it gives to Fastify. */
import { subscribe } from 'node:diagnostics_channel';

subscribe('fastify.initialization', ({ fastify }) => {
  const routes = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push(`${each} ${url}`);
  });
  fastify.addHook('onReady', async () => {
    process.stdout.write(`ROUTES ${JSON.stringify(routes)}\n`);
  });
});
