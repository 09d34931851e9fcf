import { hash } from 'node:crypto';

import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerRequest } from '@nestjs/throttler';

import { MetricsService } from '../metrics/metrics.service.js';
import { RATE_LIMIT_KIND, type RateLimitKind } from './rate-limit.decorator.js';
import { rateLimited } from './rate-limit.errors.js';

const PSEUDONYMS_KEPT = 10_000;

type Handler = ReturnType<ExecutionContext['getHandler']>;

/**
 * Nest's throttler, with one limit for each route (its `@RateLimit`) instead of all limits on all routes.
 * What a handler needs is found once: reflection for each request costs more than the count.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private readonly requests = new WeakMap<Handler, Omit<ThrottlerRequest, 'context'> | 'unlimited'>();
  private readonly pseudonyms = new Map<string, string>();
  private metrics: MetricsService | undefined;

  /** Set by the module: the base class owns the constructor. */
  countIn(metrics: MetricsService): this {
    this.metrics = metrics;
    return this;
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    let request = this.requests.get(handler);
    if (!request) {
      request = this.requestFor(handler);
      this.requests.set(handler, request);
    }
    return request === 'unlimited' ? true : this.handleRequest({ ...request, context });
  }

  private requestFor(handler: Handler): Omit<ThrottlerRequest, 'context'> | 'unlimited' {
    const kind = this.reflector.get<RateLimitKind | undefined>(RATE_LIMIT_KIND, handler);
    const throttler = this.throttlers.find(({ name }) => name === kind);
    if (!kind || !throttler) return 'unlimited';
    const { limit, ttl, blockDuration = ttl } = throttler;
    if (typeof limit !== 'number' || typeof ttl !== 'number' || typeof blockDuration !== 'number') {
      throw new TypeError('limits are numbers');
    }
    return {
      limit,
      ttl,
      blockDuration,
      throttler,
      // By client and kind, not by route: GET and POST of one secret share a limit.
      generateKey: (_, tracker) => `${kind}:${this.pseudonym(tracker)}`,
      getTracker: (req) => this.getTracker(req),
    };
  }

  /** Stands for an address in Redis, where none shall be read. Most requests come from a few addresses. */
  private pseudonym(address: string): string {
    let known = this.pseudonyms.get(address);
    if (known === undefined) {
      if (this.pseudonyms.size >= PSEUDONYMS_KEPT) this.pseudonyms.clear();
      known = hash('sha256', address, 'base64url').slice(0, 22);
      this.pseudonyms.set(address, known);
    }
    return known;
  }

  protected override throwThrottlingException(
    _: ExecutionContext,
    detail: ThrottlerLimitDetail,
  ): Promise<void> {
    this.metrics?.rateLimited(detail.key.slice(0, detail.key.indexOf(':')));
    throw rateLimited(Math.max(1, detail.timeToBlockExpire));
  }
}
