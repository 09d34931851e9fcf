import { oneOf, text, wholeNumber, type AreaValues } from '../config.schema.js';
import { endpointUrl, parseEndpointUrl, type EndpointRules } from '../endpoint-url.js';

export const REDIS_URL_RULES: EndpointRules = {
  schemes: ['redis', 'rediss'],
  path: 'database number',
  login: true,
};
const redisUrl = endpointUrl(REDIS_URL_RULES);

/** The servers of REDIS_URLS. */
export function listedUrls(raw: string): string[] {
  return raw
    .split(',')
    .map((url) => url.trim())
    .filter(Boolean);
}

/** All have the same scheme and credentials: each may name the others, which have no URL. */
function urlList(raw: string): string | undefined {
  const urls = listedUrls(raw);
  if (urls.length === 0) return 'must list redis:// or rediss:// URLs, comma separated';
  const problem = urls.map(redisUrl).find((each) => each !== undefined);
  if (problem !== undefined)
    return `must list redis:// or rediss:// URLs, comma separated (a comma in a password is %2C); one ${problem}`;
  const parsed = urls.map((url) => parseEndpointUrl(url, REDIS_URL_RULES));
  const ways = parsed.map(({ scheme, username, password }) => JSON.stringify([scheme, username, password]));
  if (new Set(ways).size > 1) return 'must have the same scheme, name and password in every URL';
  return parsed.every(({ path }) => path === '' || path === '/')
    ? undefined
    : 'must name no database: there is only database 0';
}

/** The secret store. */
export const redisArea = {
  mode: oneOf({
    env: 'REDIS_MODE',
    doc: 'single: one server, REDIS_URL or the private one. sentinel: a master that sentinels watch. cluster: Redis Cluster. See docs/redis.md.',
    values: ['single', 'sentinel', 'cluster'],
    fallback: 'single',
  }),
  url: text({
    env: 'REDIS_URL',
    doc: 'Redis 6.2+ or Valkey (redis://user:password@host:port/database, rediss:// for TLS), with maxmemory-policy noeviction. In name and password @ / : ? # % are written %40 %2F %3A %3F %23 %25. Empty: a private Redis in DATA_DIR.',
    fallback: undefined,
    secret: true,
    check: redisUrl,
  }),
  urls: text({
    env: 'REDIS_URLS',
    doc: 'Comma separated redis:// or rediss:// URLs of the sentinels, or of some nodes of the cluster, for REDIS_MODE.',
    fallback: undefined,
    secret: true,
    check: urlList,
  }),
  sentinelMaster: text({
    env: 'REDIS_SENTINEL_MASTER',
    doc: 'Name under which the sentinels watch the master.',
    fallback: undefined,
  }),
  username: text({
    env: 'REDIS_USERNAME',
    doc: 'User of the Redis servers behind the sentinels; those of the sentinels are in REDIS_URLS.',
    fallback: undefined,
  }),
  password: text({
    env: 'REDIS_PASSWORD',
    doc: 'Password of the Redis servers behind the sentinels.',
    fallback: undefined,
    secret: true,
  }),
  tls: oneOf({
    env: 'REDIS_TLS',
    doc: 'on: the Redis servers behind the sentinels use TLS. Elsewhere use rediss://.',
    values: ['on', 'off'],
    fallback: 'off',
  }),
  burnQuorum: wholeNumber({
    env: 'BURN_QUORUM',
    doc: 'Replicas that must hold a change of a secret before it is answered; with fewer: 503, and the content is withheld. 0: no wait for replicas. See docs/redis.md.',
    fallback: 0,
    min: 0,
    max: 9,
  }),
  reconcile: oneOf({
    env: 'REDIS_RECONCILE',
    doc: 'What happens when Redis has gone back in time behind the audit trail. manual: nothing is opened until "npm run cli -- redis reconcile". auto: secrets that ended by the trail are burnt again automatically, then serving continues.',
    values: ['manual', 'auto'],
    fallback: 'manual',
  }),
  serverBinary: text({
    env: 'REDIS_SERVER_BIN',
    doc: 'The redis-server or valkey-server program for the private Redis. Empty: found automatically.',
    fallback: undefined,
  }),
};

type RedisValues = AreaValues<typeof redisArea>;

function sentinelProblems({ mode, sentinelMaster, username, password, tls }: RedisValues): string[] {
  if (mode === 'sentinel') {
    return sentinelMaster === undefined
      ? ['REDIS_SENTINEL_MASTER must be set for REDIS_MODE=sentinel: the name in "sentinel monitor"']
      : [];
  }
  const set = { REDIS_SENTINEL_MASTER: sentinelMaster, REDIS_USERNAME: username, REDIS_PASSWORD: password };
  const named = Object.entries({ ...set, REDIS_TLS: tls === 'on' ? tls : undefined });
  return named
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `${name} is for REDIS_MODE=sentinel; elsewhere it is part of the URL`);
}

/** Contradictions between settings. */
export function redisProblems(redis: RedisValues): string[] {
  const { mode, url, urls, burnQuorum } = redis;
  const problems = sentinelProblems(redis);
  if (mode === 'single') {
    if (urls !== undefined) problems.push('REDIS_URLS is for REDIS_MODE=sentinel or cluster: set REDIS_MODE');
    else if (burnQuorum > 0 && url === undefined)
      problems.push(
        'BURN_QUORUM needs a Redis with replicas, which the private one does not have: set REDIS_URL',
      );
    return problems;
  }
  if (urls === undefined) {
    const what = mode === 'sentinel' ? 'the sentinels' : 'nodes of the cluster';
    problems.push(`REDIS_URLS must list ${what} for REDIS_MODE=${mode}`);
  }
  if (url !== undefined) problems.push(`REDIS_URL is for REDIS_MODE=single: set REDIS_URLS for ${mode}`);
  return problems;
}
