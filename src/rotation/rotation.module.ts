import { Module } from '@nestjs/common';

import { configuredCrypto } from '../crypto/configured-crypto.module.js';
import { KeyringHolder } from '../crypto/keyring/keyring.holder.js';
import { KEY_SOURCE, type KeySource } from '../crypto/keyring/keyring.loader.js';
import { RedisModule } from '../redis/redis.module.js';
import { RedisService } from '../redis/redis.service.js';
import { KeyRotation } from './key-rotation.js';
import { RedisReplicaRegistry } from './redis-replica-registry.js';

/**
 * Key rotation while the portal runs. Modules that seal or sign import it, to begin after the first decision.
 */
@Module({
  imports: [RedisModule, configuredCrypto],
  providers: [
    {
      provide: KeyRotation,
      inject: [KeyringHolder, RedisService, KEY_SOURCE],
      useFactory: async (
        keys: KeyringHolder,
        redis: RedisService,
        source: KeySource,
      ): Promise<KeyRotation> => {
        const rotation = new KeyRotation(keys, new RedisReplicaRegistry(redis), source);
        await rotation.start();
        return rotation;
      },
    },
  ],
  exports: [KeyRotation],
})
export class RotationModule {}
