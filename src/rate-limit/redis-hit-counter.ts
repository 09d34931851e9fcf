import { claimLimitKeys, rateLimitKeys } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import { defineScript, type ScriptReply } from '../redis/script/define-script.js';
import { integerIn, tagOf, unknownTag } from '../redis/script/script-reply.js';
import type { Hit, HitVerdict } from './hit-counter.types.js';
import type { OfferedClaim } from '../platform/route/route-limit.js';

const HOUR_MS = 3_600_000;

const LIMITS: ReadonlyMap<string, 'hits' | 'text-bytes'> = new Map([
  ['BLOCKED', 'hits'],
  ['BYTES', 'text-bytes'],
]);

function verdictIn(reply: ScriptReply): HitVerdict {
  const tag = tagOf(reply);
  if (tag === 'OK') return { kind: 'allowed' };
  const limit = LIMITS.get(tag);
  if (limit === undefined) throw unknownTag(tag);
  return { kind: 'refused', limit, retryMs: integerIn(reply[1]) };
}

const countHit = defineScript(import.meta.url, 'count-hit', {
  keys: ['counter', 'refused', 'bytes'],
  args: {
    windowMs: 'number',
    limit: 'number',
    blockMs: 'number',
    decidedLater: 'flag',
    textBytes: 'number',
    bytesMax: 'number',
    bytesWindowMs: 'number',
  },
  parse: verdictIn,
});
const countClaimHit = defineScript(import.meta.url, 'count-claim-hit', {
  keys: ['record', 'counter', 'refused'],
  args: { claim: 'text', windowMs: 'number', limit: 'number' },
  parse: (reply): HitVerdict | { readonly kind: 'no-lease' } =>
    tagOf(reply) === 'NONE' ? { kind: 'no-lease' } : verdictIn(reply),
});

export interface ClaimLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Counts requests, one count for all processes. Counts in Redis, one script for each hit, so that all
 * replicas share one count without races.
 */
export class RedisHitCounter {
  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly claims: ClaimLimit,
  ) {}

  count(hit: Hit): Promise<HitVerdict> {
    const { kind, client, windowMs, limit, blockMs, hasClaim } = hit;
    const { counter, refused, textBytes: bytes } = rateLimitKeys(kind, client);
    return this.redis.run(
      countHit,
      { counter, refused, bytes },
      {
        windowMs,
        limit,
        blockMs,
        decidedLater: hasClaim,
        textBytes: hit.textBytes,
        bytesMax: hit.textBytesPerHour,
        bytesWindowMs: HOUR_MS,
      },
    );
  }

  /**
   * Counts under the claim, after `count` has refused.
   * @returns 'no-lease' when the claim has no lease on that secret, so that the first refusal stands
   */
  countUnderClaim({ ref, claimHash }: OfferedClaim): Promise<HitVerdict | { readonly kind: 'no-lease' }> {
    const keys = claimLimitKeys(ref, claimHash);
    return this.redis.run(countClaimHit, keys, { claim: claimHash, ...this.claims });
  }
}
