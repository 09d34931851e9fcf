/** What a secret costs in memory, and whether it gets dearer when a million others live beside it. */
import { randomBytes } from 'node:crypto';

import { EnvelopeService } from '../../dist/crypto/envelope/envelope.service.js';
import { systemRandom } from '../../dist/crypto/random-source.port.js';
import { secretKeys } from '../../dist/redis/redis-keys.js';
import { purposeOf } from '../../dist/secrets/record/secret-record.js';
import { createSecrets, revealSecrets } from './load.mjs';
import { storeOn } from './secret-store.mjs';
import { clearOutboxes, drained, startRedis, startServer } from './servers.mjs';
import { median } from './throughput.mjs';

const CONTENT_BYTES = 100;
const CONTENT = randomBytes(CONTENT_BYTES);
const BATCH = 1_000;
const ORIGIN = '["anonymous","127.0.0.0",null]';
const FACTS = { passphraseRequired: false, sealed: false, maxViews: 1, ttlSeconds: 86_400 };
/** Real records under random references. */
async function populate({ client, store, keyring }, amount) {
  const envelopes = new EnvelopeService(keyring, systemRandom);
  const refs = [];
  for (let made = 0; made < amount; made += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, amount - made) }, () => randomBytes(16));
    const facts = { ...FACTS, expiresAt: Date.now() + 86_400_000 };
    await Promise.all(
      batch.map((ref) => {
        const id = randomBytes(16);
        const envelope = envelopes.seal({ plaintext: CONTENT, id, ref, purpose: purposeOf(facts) });
        return store.create(ref, { facts, envelope, byStore: true }, ORIGIN);
      }),
    );
    refs.push(batch[0]);
  }
  // Events wait only until the database has them, so they are not part of what a live secret costs.
  await clearOutboxes(client);
  return refs;
}

async function usedMemory(client) {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))[1]);
}

/** @returns bytes of one key by MEMORY USAGE (largest of many) and growth of used_memory for each of `amount` */
export async function footprint(amount) {
  const redis = await startRedis([]);
  const place = await storeOn(redis.url);
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
    const place = await storeOn(redis.url);
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
