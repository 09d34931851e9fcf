import { text, urlOf } from './config.schema.js';

/** The secret store. */
export const redisArea = {
  url: text({
    env: 'REDIS_URL',
    doc: 'Redis 6.2+ or Valkey (redis://, rediss://), with maxmemory-policy noeviction. Empty: a private Redis in DATA_DIR.',
    fallback: undefined,
    secret: true,
    check: urlOf('redis', 'rediss'),
  }),
  serverBinary: text({
    env: 'REDIS_SERVER_BIN',
    doc: 'The redis-server or valkey-server program for the private Redis. Empty: found by itself.',
    fallback: undefined,
  }),
};
