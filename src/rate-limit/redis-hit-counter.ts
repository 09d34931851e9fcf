import { claimLimitKeys, rateLimitKeys } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import type { ScriptDefinition, ScriptReply } from '../redis/script/script.js';
import type { Hit, HitCounter, HitVerdict } from './hit-counter.port.js';
import type { OfferedClaim } from '../platform/route/route-limit.js';

const HOUR_MS = 3_600_000;

const LIMITS: ReadonlyMap<string, 'hits' | 'text-bytes'> = new Map([
  ['BLOCKED', 'hits'],
  ['BYTES', 'text-bytes'],
]);

function verdictIn([tag, retryMs]: ScriptReply): HitVerdict | { kind: 'no-lease' } {
  const word = Buffer.isBuffer(tag) ? tag.toString('latin1') : '';
  if (word === 'OK') return { kind: 'allowed' };
  if (word === 'NONE') return { kind: 'no-lease' };
  const limit = LIMITS.get(word);
  if (limit === undefined || typeof retryMs !== 'number')
    throw new TypeError(`a script answered with an unknown tag: ${word}`);
  return { kind: 'refused', limit, retryMs };
}

const countHit: ScriptDefinition<HitVerdict> = {
  name: 'count-hit',
  from: import.meta.url,
  keys: 3,
  parse: (reply) => verdictIn(reply) as HitVerdict,
};
const countClaimHit: ScriptDefinition<HitVerdict | { readonly kind: 'no-lease' }> = {
  name: 'count-claim-hit',
  from: import.meta.url,
  keys: 3,
  parse: verdictIn,
};

export interface ClaimLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** Counts in Redis, one script for each hit, so that all replicas share one count without races. */
export class RedisHitCounter implements HitCounter {
  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly claims: ClaimLimit,
  ) {}

  count(hit: Hit): Promise<HitVerdict> {
    const { kind, client, windowMs, limit, blockMs, hasClaim } = hit;
    const keys = rateLimitKeys(kind, client);
    return this.redis.run(
      countHit,
      keys.counter,
      keys.refused,
      keys.textBytes,
      windowMs,
      limit,
      blockMs,
      hasClaim ? 1 : 0,
      hit.textBytes,
      hit.textBytesPerHour,
      HOUR_MS,
    );
  }

  countUnderClaim({ ref, claimHash }: OfferedClaim): Promise<HitVerdict | { readonly kind: 'no-lease' }> {
    const { record, counter, refused } = claimLimitKeys(ref, claimHash);
    const { limit, windowMs } = this.claims;
    return this.redis.run(countClaimHit, record, counter, refused, claimHash, windowMs, limit);
  }
}
