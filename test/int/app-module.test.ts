import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { default as supertest } from 'supertest';

import { AuditRelay } from '../../src/audit/relay/audit-relay.js';
import { CLOCK } from '../../src/common/clock.js';
import { ID_GENERATOR } from '../../src/common/id-generator.js';
import { DATABASE_WORKER } from '../../src/database/database.module.js';
import { startRedis } from '../support/redis-server.js';

// Nest 12 is ESM and the throttler CommonJS: once Nest is evaluated, no require() meets a module that is still being linked.
const { AppModule } = await import('../../src/app.module.js');

const ID = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';
const NOW = Date.parse('2026-11-21T14:00:00.000Z');
// A thread runs compiled code only.
const main = process.env['BB_MAIN'];
const built = main === undefined ? new URL('../../dist/main.js', import.meta.url) : new URL(`file://${main}`);
const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-module-'));
let app: NestFastifyApplication;

beforeAll(async () => {
  const redis = await startRedis();
  Object.assign(process.env, {
    REDIS_URL: redis.url,
    DATA_DIR: dataDir,
    PUBLIC_URL: 'https://burn.example/',
  });
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(CLOCK)
    .useValue({ now: () => NOW })
    .overrideProvider(ID_GENERATOR)
    .useValue({ secretId: () => ID })
    .overrideProvider(DATABASE_WORKER)
    .useValue(new URL('./database/thread/database.worker.js', built))
    .overrideProvider(AuditRelay)
    .useValue({})
    .compile();
  app = module.createNestApplication<NestFastifyApplication>(
    new FastifyAdapter({ exposeHeadRoutes: false }),
    {
      logger: false,
    },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the application module', () => {
  it('takes identifiers from where it is told to, and the time from Redis though its clock is another', async () => {
    const since = Date.now();
    const agent = supertest(app.getHttpServer());
    const { body } = await agent
      .post('/secrets')
      .send({ content: 'by the module', ttlSeconds: 60 })
      .expect(201);
    expect(body).toMatchObject({ id: ID, url: `https://burn.example/s/${ID}` });
    const createdAt = Date.parse(String(body.expiresAt)) - 60_000;
    expect(createdAt).toBeGreaterThanOrEqual(since);
    expect(createdAt).toBeLessThanOrEqual(Date.now());
    await agent.get(`/receipts/${String(body.receiptToken)}`).expect(200);
    const opened = await agent.post(`/secrets/${ID}/reveal`).send({}).expect(200);
    expect(opened.body).toEqual({ content: 'by the module', sealed: false, viewsLeft: 0 });
    await agent.post(`/secrets/${ID}/reveal`).send({}).expect(410);
  });
});
