/**
 * The floor: bare Fastify with the same crypto, the same scripts, the same request log and the two latency
 * histograms, and nothing else. What the portal is slower than this is what its structure costs.
 */
import { randomUUID } from 'node:crypto';

import fastify, { LogController } from 'fastify';
import { Histogram } from 'prom-client';

import { idBytes, refOf } from '../../dist/common/ids.js';
import { createLogger } from '../../dist/platform/logging/logger.js';
import { EnvelopeService } from '../../dist/crypto/envelope/envelope.service.js';
import { systemRandom } from '../../dist/crypto/random-source.port.js';
import { ReceiptTokens } from '../../dist/crypto/kdf/receipt-tokens.js';
import { logRequests } from '../../dist/platform/http/request-log.js';
import { purposeOf } from '../../dist/secrets/record/secret-record.js';
import { storeOn } from './secret-store.mjs';

const scriptTime = new Histogram({ name: 'script', help: 'x', labelNames: ['script'] });
const { store, keyring } = await storeOn(process.env.REDIS_URL, {
  keys: process.env.BURNBAG_KEYS,
  observe: (name, seconds) => scriptTime.labels(name).observe(seconds),
});
const envelopes = new EnvelopeService(keyring, systemRandom);
const receipts = new ReceiptTokens(keyring);
// The same scripts, so the same audit events; they are not relayed here.
const ORIGIN = '["anonymous","127.0.0.0",null]';
const latency = new Histogram({ name: 'latency', help: 'x', labelNames: ['method', 'route', 'status'] });

const logController = new LogController({ disableRequestLogging: true });
const { logger, requests } = createLogger('info');
const childLoggerFactory = (parent) => parent;
const app = fastify({ loggerInstance: logger, logController, childLoggerFactory, exposeHeadRoutes: false });
logRequests(app, requests, (ip) => ip);
app.addHook('onResponse', (request, reply, done) => {
  latency
    .labels(request.method, request.routeOptions.url, String(reply.statusCode))
    .observe(reply.elapsedTime / 1000);
  done();
});

app.post('/api/v1/secrets', async (request, reply) => {
  const id = randomUUID();
  const address = idBytes(id);
  const ref = refOf(address);
  const createdAt = Date.now();
  const expiresAt = createdAt + 86_400_000;
  const facts = { passphraseRequired: false, sealed: false, maxViews: 1, ttlSeconds: 86_400, expiresAt };
  const plaintext = Buffer.from(request.body.content);
  const envelope = envelopes.seal({ plaintext, id: address, ref, purpose: purposeOf(facts) });
  await store.create(ref, { facts, envelope, byStore: false }, ORIGIN);
  const receiptToken = receipts.issue({ ref, createdAt, expiresAt });
  reply.code(201);
  return {
    id,
    url: `http://localhost/s/${id}`,
    ref: ref.toString('hex'),
    expiresAt: new Date(expiresAt).toISOString(),
    receiptToken,
    receiptUrl: `http://localhost/r#${receiptToken}`,
  };
});

app.post('/api/v1/secrets/:id/reveal', async (request, reply) => {
  const id = idBytes(request.params.id);
  const ref = refOf(id);
  const view = await store.claim(ref, { verifier: undefined, claimHash: undefined }, ORIGIN);
  if (view.kind !== 'ok') return reply.code(410).send({ code: view.kind });
  const content = envelopes.open(view.envelope, { id, ref, purpose: purposeOf(view.facts) }).toString('utf8');
  return { content, sealed: false, viewsLeft: view.viewsLeft };
});

process.on('SIGTERM', () => process.exit(0));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stdout.write('the floor is ready at its port\n');
