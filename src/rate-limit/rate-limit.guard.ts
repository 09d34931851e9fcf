import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';

import { principalOf } from '../auth/request-principal.js';
import type { MetricsService } from '../platform/metrics/metrics.service.js';
import type { ClientHashes } from './client-hashes.js';
import type { HitVerdict } from './hit-counter.types.js';
import { RedisHitCounter } from './redis-hit-counter.js';
import { RATE_LIMIT_RULE, type RateLimitRule } from '../platform/route/route-limit.js';
import { rateLimited, textQuotaReached } from './rate-limit.errors.js';

type Handler = ReturnType<ExecutionContext['getHandler']>;

interface Rule extends RateLimitRule {
  readonly limit: number;
  readonly windowMs: number;
  readonly blockMs: number;
}

interface Parts {
  readonly clients: ClientHashes;
  readonly counter: RedisHitCounter;
  readonly metrics: MetricsService;
  /** SECRET_CLIENT_BYTES_PER_HOUR; 0: not counted */
  readonly textBytesPerHour: number;
}

/**
 * Nest's throttler, with one limit for each route (`limit` of its `@Route`) instead of all limits on all routes.
 * Counts by client and kind, so that GET and POST of one secret share a limit. A client is an IP address, or
 * an API token from anywhere. The settings of a handler are cached: reflection for each request costs more
 * than the count.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private readonly rules = new WeakMap<Handler, Rule | 'unlimited'>();
  private parts: Parts | undefined;

  /** Set by the module: the base class owns the constructor. */
  with(parts: Parts): this {
    this.parts = parts;
    return this;
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.ruleOf(context.getHandler());
    if (rule === 'unlimited') return true;
    if (!this.parts) throw new TypeError('the guard was used before with()');
    const verdict = await this.verdictOn(
      context.switchToHttp().getRequest<FastifyRequest>(),
      rule,
      this.parts,
    );
    if (verdict.kind === 'allowed') return true;
    const retryAfterSeconds = Math.max(1, Math.ceil(verdict.retryMs / 1000));
    const isOverBytes = verdict.limit === 'text-bytes';
    this.parts.metrics.rateLimited(isOverBytes ? 'textBytes' : rule.kind);
    throw isOverBytes
      ? textQuotaReached(this.parts.textBytesPerHour, retryAfterSeconds)
      : rateLimited(retryAfterSeconds);
  }

  /**
   * Other clients of the same IP address must not cost a reader the lease: a request over that limit passes
   * with a claim that has a lease on the secret. Any other claim is refused in the same way, so claims cannot
   * be guessed here.
   */
  private async verdictOn(
    request: FastifyRequest,
    { claimIn, textBytesIn, ...rule }: Rule,
    { clients, counter, textBytesPerHour }: Parts,
  ): Promise<HitVerdict> {
    const principal = principalOf(request);
    const client = principal.kind === 'token' ? principal.tokenId : clients.of(request.ip);
    const claim = claimIn?.(request);
    const brought = textBytesPerHour > 0 ? (textBytesIn?.(request) ?? 0) : 0;
    const verdict = await counter.count({
      ...rule,
      client,
      hasClaim: claim !== undefined,
      // A body larger than an hour's bytes is larger than any text; the handler refuses it.
      textBytes: brought > textBytesPerHour ? 0 : brought,
      textBytesPerHour,
    });
    if (verdict.kind === 'allowed' || !claim) return verdict;
    const underClaim = await counter.countUnderClaim(claim());
    return underClaim.kind === 'no-lease' ? verdict : underClaim;
  }

  private ruleOf(handler: Handler): Rule | 'unlimited' {
    let rule = this.rules.get(handler);
    if (!rule) {
      rule = this.readRule(handler);
      this.rules.set(handler, rule);
    }
    return rule;
  }

  private readRule(handler: Handler): Rule | 'unlimited' {
    const rule = this.reflector.get<RateLimitRule | undefined>(RATE_LIMIT_RULE, handler);
    const throttler = this.throttlers.find(({ name }) => name === rule?.kind);
    if (!rule || !throttler) return 'unlimited';
    const { limit, ttl, blockDuration = ttl } = throttler;
    if (typeof limit !== 'number' || typeof ttl !== 'number' || typeof blockDuration !== 'number') {
      throw new TypeError('limits are numbers');
    }
    return { ...rule, limit, windowMs: ttl, blockMs: blockDuration };
  }
}
