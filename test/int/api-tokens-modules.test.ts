import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Principal } from '@burnbag/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigModule } from '@nestjs/config';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';

import { LocalAdminModule } from '../../src/auth/local-admin/local-admin.module.js';
import { LocalAdmin } from '../../src/auth/local-admin/local-admin.service.js';
import { formatPasswordHash, PasswordHashError } from '../../src/auth/local-admin/password-hash.js';
import { PasswordHasher } from '../../src/auth/local-admin/password-hasher.js';
import { ApiTokens } from '../../src/auth/tokens/api-tokens.service.js';
import { TokensModule } from '../../src/auth/tokens/tokens.module.js';
import {
  cryptoConfig,
  redisConfig,
  secretsConfig,
  serverConfig,
  tracingConfig,
} from '../../src/platform/config/sections/app.config.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { MetricsModule } from '../../src/platform/metrics/metrics.module.js';
import { RedisService } from '../../src/redis/redis.service.js';
import { TracingModule } from '../../src/platform/tracing/tracing.module.js';
import { startRedis } from '../support/redis-server.js';
import { newKeys } from './kit/portal.js';

const PASSWORD = 'correct horse battery';
const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-auth-modules-'));
const apps: TestingModule[] = [];

/** An application of these two modules alone, built as the portal builds its own. */
async function start(adminUsername?: string, adminPasswordHash?: string): Promise<TestingModule> {
  const app = await builder(adminUsername, adminPasswordHash).compile();
  apps.push(app);
  return app;
}

function builder(adminUsername?: string, adminPasswordHash?: string): TestingModuleBuilder {
  return Test.createTestingModule({
    imports: [
      ConfigModule.forRoot({
        isGlobal: true,
        ignoreEnvFile: true,
        load: [serverConfig, redisConfig, secretsConfig, cryptoConfig, tracingConfig],
      }),
      MetricsModule,
      TracingModule,
      TokensModule,
      LocalAdminModule.forRootAsync({ useFactory: () => ({ adminUsername, adminPasswordHash }) }),
    ],
  });
}

/** A start that is refused has no application to close, so it borrows the connection of one that started. */
async function startRefused(adminPasswordHash: string): Promise<unknown> {
  const redis = (await start()).get(RedisService);
  return builder('root', adminPasswordHash).overrideProvider(RedisService).useValue(redis).compile();
}

beforeAll(async () => {
  const { url } = await startRedis();
  Object.assign(process.env, { REDIS_URL: url, DATA_DIR: dataDir, BURNBAG_KEYS: newKeys() });
});
afterAll(async () => {
  for (const app of apps) await app.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the modules of tokens and of the local administrator', () => {
  it('sign in with the hash of the configuration, and give tokens to who is', async () => {
    const hash = formatPasswordHash(await new PasswordHasher().hash(PASSWORD, systemRandom));
    const app = await start('root', hash);
    const owner = await app.get(LocalAdmin).signIn({ username: 'root', password: PASSWORD, ip: '192.0.2.1' });
    const tokens = app.get(ApiTokens);
    const { secret } = await tokens.issue({ name: 'job', scopes: ['stats'], ttlSeconds: 60 }, owner);
    const principal: Principal = await tokens.authenticate(secret);
    expect(principal).toMatchObject({ kind: 'token', owner: 'root', scopes: ['stats'] });
  });

  it('start without a local administrator, and then there is none', async () => {
    for (const [name, hash] of [[], ['root', undefined]] as const)
      expect((await start(name, hash)).get(LocalAdmin).exists).toBe(false);
  });

  it('do not start on a hash that protects nothing', async () => {
    const weak = `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    await expect(startRefused(weak)).rejects.toThrow(PasswordHashError);
    await expect(startRefused(weak)).rejects.toThrow(
      /^ADMIN_PASSWORD_HASH: m must be from 7168 .*admin hash/,
    );
  });
});
