import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';

import { configuredCrypto } from '../../crypto/configured-crypto.module.js';
import { KeyringHolder } from '../../crypto/keyring/keyring.holder.js';
import { RedisModule } from '../../redis/redis.module.js';
import { RedisService } from '../../redis/redis.service.js';
import { LocalAdmin } from './local-admin.service.js';
import { parsePasswordHash, PasswordHashError, type PasswordHash } from './password-hash.js';
import { PasswordHasher } from './password-hasher.js';
import { RedisSignInThrottle } from './redis-sign-in-throttle.js';
import { SignInHashes } from './sign-in-hashes.js';

/** ADMIN_USERNAME and ADMIN_PASSWORD_HASH; without both there is no local administrator. */
interface LocalAdminSettings {
  readonly adminUsername: string | undefined;
  readonly adminPasswordHash: string | undefined;
}

const SETTINGS = Symbol('LocalAdminSettings');

export interface LocalAdminSettingsSource<T extends unknown[]> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...injected: T) => LocalAdminSettings;
}

/** The local administrator's sign-in. */
@Module({})
export class LocalAdminModule {
  /** The application does not start, with a PasswordHashError, on a hash that is too costly or too weak. */
  static forRootAsync<T extends unknown[]>({
    inject,
    useFactory,
  }: LocalAdminSettingsSource<T>): DynamicModule {
    return {
      module: LocalAdminModule,
      imports: [RedisModule, configuredCrypto],
      providers: [
        { provide: SETTINGS, useFactory, inject: inject ?? [] },
        { provide: LocalAdmin, useFactory: localAdmin, inject: [SETTINGS, RedisService, KeyringHolder] },
      ],
      exports: [LocalAdmin],
    };
  }
}

function localAdmin(settings: LocalAdminSettings, redis: RedisService, keys: KeyringHolder): LocalAdmin {
  const { adminUsername: username, adminPasswordHash: text } = settings;
  const account =
    username === undefined || text === undefined
      ? undefined
      : { username, passwordHash: configuredHash(text) };
  return new LocalAdmin(
    account,
    new RedisSignInThrottle(redis),
    new PasswordHasher(),
    new SignInHashes(keys),
  );
}

function configuredHash(text: string): PasswordHash {
  try {
    return parsePasswordHash(text);
  } catch (error) {
    if (!(error instanceof PasswordHashError)) throw error;
    throw new PasswordHashError(`ADMIN_PASSWORD_HASH: ${error.message}; npm run cli -- admin hash makes one`);
  }
}
