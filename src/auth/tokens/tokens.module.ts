import { Module } from '@nestjs/common';

import { RANDOM_SOURCE, systemRandom } from '../../crypto/random-source.port.js';
import { RedisModule } from '../../redis/redis.module.js';
import { RedisService } from '../../redis/redis.service.js';
import { ApiTokens } from './api-tokens.service.js';
import { RedisApiTokens } from './store/redis-api-tokens.js';

/** API tokens, for the guard and the routes. */
@Module({
  imports: [RedisModule],
  providers: [
    { provide: RANDOM_SOURCE, useValue: systemRandom },
    {
      provide: RedisApiTokens,
      inject: [RedisService],
      useFactory: (redis: RedisService) => new RedisApiTokens(redis),
    },
    ApiTokens,
  ],
  exports: [ApiTokens],
})
export class TokensModule {}
