import { claimLimitKeys, rateLimitKeys } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import type { ScriptDefinition, ScriptReply } from '../redis/script.js';
import type { Hit, HitCounter, HitVerdict, OfferedClaim } from './hit-counter.port.js';

function verdictIn([tag, retryMs]: ScriptReply): HitVerdict | { kind: 'no-lease' } {
  const word = Buffer.isBuffer(tag) ? tag.toString('latin1') : '';
  if (word === 'OK') return { kind: 'allowed' };
  if (word === 'NONE') return { kind: 'no-lease' };
  if (word !== 'BLOCKED' || typeof retryMs !== 'number')
    throw new TypeError(`a script answered with an unknown tag: ${word}`);
  return { kind: 'refused', retryMs };
}

const countHit: ScriptDefinition<HitVerdict> = {
  name: 'count-hit',
  keys: 2,
  parse: (reply) => verdictIn(reply) as HitVerdict,
};
const countClaimHit: ScriptDefinition<HitVerdict | { readonly kind: 'no-lease' }> = {
  name: 'count-claim-hit',
  keys: 3,
  parse: verdictIn,
};

export interface ClaimLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** Counts in Redis, one script for each hit, so that all replicas share one count and no hit slips between. */
export class RedisHitCounter implements HitCounter {
  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly claims: ClaimLimit,
  ) {}

  count({ kind, client, windowMs, limit, blockMs, hasClaim }: Hit): Promise<HitVerdict> {
    const { counter, refused } = rateLimitKeys(kind, client);
    return this.redis.run(countHit, counter, refused, windowMs, limit, blockMs, hasClaim ? 1 : 0);
  }

  countUnderClaim({ ref, claimHash }: OfferedClaim): Promise<HitVerdict | { readonly kind: 'no-lease' }> {
    const { record, counter, refused } = claimLimitKeys(ref, claimHash);
    const { limit, windowMs } = this.claims;
    return this.redis.run(countClaimHit, record, counter, refused, claimHash, windowMs, limit);
  }
}
