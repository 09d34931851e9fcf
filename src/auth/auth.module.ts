import { API_BASE } from '@burnbag/contract';
import { Module } from '@nestjs/common';

import { systemClock } from '../common/clock.js';
import {
  authConfig,
  serverConfig,
  type AuthConfig,
  type ServerConfig,
} from '../platform/config/sections/app.config.js';
import { systemRandom } from '../crypto/random-source.port.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { AccessGuard } from './access.guard.js';
import { ACCESS_SETTINGS, type AccessSettings } from './access.rules.js';
import { LocalAdminModule } from './local-admin/local-admin.module.js';
import { OidcDiscovery } from './oidc/oidc.discovery.js';
import { OidcSignIn } from './oidc/oidc.sign-in.js';
import { RedisSignIns } from './oidc/redis-sign-ins.js';
import { SignInController } from './oidc/sign-in.controller.js';
import { SessionController } from './session.controller.js';
import { Principals } from './principals.service.js';
import { RedisSessions } from './sessions/redis-sessions.js';
import { TokensController } from './tokens/tokens.controller.js';
import { TokensModule } from './tokens/tokens.module.js';

/** Authentication and access. */
@Module({
  imports: [
    RedisModule,
    TokensModule,
    LocalAdminModule.forRootAsync({ inject: [authConfig.KEY], useFactory: (auth: AuthConfig) => auth }),
  ],
  controllers: [SessionController, SignInController, TokensController],
  providers: [
    {
      provide: RedisSessions,
      inject: [RedisService, authConfig.KEY],
      useFactory: (redis: RedisService, auth: AuthConfig) =>
        new RedisSessions(redis, systemRandom, {
          idleMs: auth.sessionIdleSeconds * 1000,
          mostMs: auth.sessionMaxSeconds * 1000,
        }),
    },
    { provide: OidcSignIn, inject: [authConfig.KEY, serverConfig.KEY, RedisService], useFactory: oidcSignIn },
    {
      provide: ACCESS_SETTINGS,
      inject: [authConfig.KEY],
      useFactory: ({ mode, adminUsername }: AuthConfig): AccessSettings => ({
        mode,
        accounts: mode === 'oidc' || adminUsername !== undefined,
      }),
    },
    Principals,
    {
      provide: AccessGuard,
      inject: [Principals, ACCESS_SETTINGS, serverConfig.KEY],
      useFactory: (principals: Principals, settings: AccessSettings, { publicUrl }: ServerConfig) =>
        new AccessGuard(principals, settings, publicUrl),
    },
  ],
  exports: [RedisSessions, ACCESS_SETTINGS, TokensModule, LocalAdminModule],
})
export class AuthModule {}

/** @returns undefined without a sign-in provider */
function oidcSignIn(
  auth: AuthConfig,
  { publicUrl }: ServerConfig,
  redis: RedisService,
): OidcSignIn | undefined {
  const { mode, oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = auth;
  if (mode === 'open' || issuer === undefined || clientId === undefined) return undefined;
  return new OidcSignIn(
    new OidcDiscovery({ issuer, clientId, clientSecret }, systemClock),
    new RedisSignIns(redis),
    systemRandom,
    {
      scopes: auth.oidcScopes,
      adminClaim: auth.oidcAdminClaim,
      callbackUrl: `${publicUrl}${API_BASE}/auth/callback`,
      afterLogoutUrl: `${publicUrl}/`,
    },
  );
}
