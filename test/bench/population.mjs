/** What a secret costs in memory, and whether it gets dearer when a million others live beside it. */
import { randomBytes } from 'node:crypto';

import { createClient } from '../../dist/redis/connection/client.js';
import { reach } from '../../dist/redis/connection/server.connection.js';
import { secretKeys } from '../../dist/redis/redis-keys.js';
import { ScriptRunner } from '../../dist/redis/script.js';
import { RedisSecretStore } from '../../dist/secrets/redis-secret.store.js';
import { createSecrets, revealSecrets } from './load.mjs';
import { clearOutboxes, drained, startRedis, startServer } from './servers.mjs';
import { median } from './throughput.mjs';

const CONTENT_BYTES = 100;
const ENVELOPE_OVERHEAD = 94;
const BATCH = 1_000;
const UNBOUNDED = 1e9;
const ORIGIN = '["anonymous","127.0.0.0",null]';
const FACTS = { passphraseRequired: false, sealed: false, maxViews: 1, ttlSeconds: 86_400 };
const CONFIG = {
  claimLeaseSeconds: 60,
  tombstoneTtlSeconds: 86_400,
  passphraseAttempts: 5,
  passphraseLockSeconds: 900,
};

async function storeOn(redis) {
  const client = createClient(redis.url, () => {});
  await reach(client);
  const scripts = new ScriptRunner(client, true, () => {});
  const store = new RedisSecretStore({ run: (...call) => scripts.run(...call) }, CONFIG, [1], UNBOUNDED);
  return { client, store };
}

/** Real records under random references; their envelopes are noise, which takes as much room as a real one. */
async function populate({ client, store }, amount) {
  const refs = [];
  for (let made = 0; made < amount; made += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, amount - made) }, () => randomBytes(16));
    const facts = { ...FACTS, expiresAt: Date.now() + 86_400_000 };
    await Promise.all(
      batch.map((ref) => store.create(ref, facts, randomBytes(CONTENT_BYTES + ENVELOPE_OVERHEAD), ORIGIN)),
    );
    refs.push(batch[0]);
  }
  // Events wait only until the database has them, so they are no part of what a live secret costs.
  await clearOutboxes(client);
  return refs;
}

async function usedMemory(client) {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))[1]);
}

/** @returns bytes of one key by MEMORY USAGE (largest of many) and growth of used_memory for each of `amount` */
export async function footprint(amount) {
  const redis = await startRedis([]);
  const place = await storeOn(redis);
  const { client } = place;
  await populate(place, BATCH);
  const before = await usedMemory(client);
  const refs = await populate(place, amount);
  const grown = (await usedMemory(client)) - before;
  const usages = await Promise.all(refs.map((ref) => client.memory('USAGE', secretKeys(ref).record)));
  client.disconnect();
  await redis.stop();
  return { memoryUsage: Math.max(...usages), growth: grown / amount };
}

/** @returns the cost (seconds a create and reveal) at each population, as a ratio to the first, median of `rounds` */
export async function populationCost(populations, rounds, amount) {
  const places = [];
  for (const population of populations) {
    const redis = await startRedis([]);
    const place = await storeOn(redis);
    await populate(place, population);
    const server = await startServer(`${population} live`, 'dist/main.js', redis.url, { RATE_LIMIT: 'off' });
    places.push({ population, redis, server, client: place.client, costs: [] });
  }
  for (let round = -1; round < rounds; round++) {
    for (const { server, client, costs } of places) {
      const create = await createSecrets(server.url, amount, 50, 'x'.repeat(CONTENT_BYTES));
      const reveal = await revealSecrets(server.url, create.ids, 50);
      await drained(client);
      if (round >= 0) costs.push(1 / create.perSecond + 1 / reveal.perSecond);
    }
  }
  for (const { server, redis, client } of places) {
    client.disconnect();
    await server.stop();
    await redis.stop();
  }
  const [first] = places;
  return places.map(({ population, costs }) => ({
    population,
    microseconds: median(costs) * 1e6,
    ratio: median(costs.map((cost, i) => cost / first.costs[i])),
  }));
}
