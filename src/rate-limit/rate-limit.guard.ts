import { hash } from 'node:crypto';

import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';

import { principalOf } from '../auth/request-principal.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { RATE_LIMIT_KIND, type RateLimitKind } from './rate-limit.decorator.js';
import { rateLimited } from './rate-limit.errors.js';

type Handler = ReturnType<ExecutionContext['getHandler']>;

interface Rule {
  readonly kind: RateLimitKind;
  readonly limit: number;
  readonly ttl: number;
  readonly blockDuration: number;
}

const CLIENTS_KEPT = 10_000;

/**
 * Nest's throttler, with one limit for each route (its `@RateLimit`) instead of all limits on all routes. It counts by
 * client and kind, so that GET and POST of one secret share a limit. A client is an address, or an API token wherever it
 * is used from. What a handler needs, and what stands for an
 * address, is found once: reflection for each request costs more than the count.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private readonly rules = new WeakMap<Handler, Rule | 'unlimited'>();
  private readonly clients = new Map<string, string>();
  private metrics: MetricsService | undefined;

  /** Set by the module: the base class owns the constructor. */
  countIn(metrics: MetricsService): this {
    this.metrics = metrics;
    return this;
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.ruleOf(context.getHandler());
    if (rule === 'unlimited') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { ip } = request;
    const principal = principalOf(request);
    const client =
      principal.kind === 'token' ? principal.tokenId : (this.clients.get(ip) ?? (await this.meet(request)));
    const { kind, ttl, limit, blockDuration } = rule;
    const count = await this.storageService.increment(`${kind}:${client}`, ttl, limit, blockDuration, kind);
    if (!count.isBlocked) return true;
    this.metrics?.rateLimited(kind);
    throw rateLimited(Math.max(1, count.timeToBlockExpire));
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
    const kind = this.reflector.get<RateLimitKind | undefined>(RATE_LIMIT_KIND, handler);
    const throttler = this.throttlers.find(({ name }) => name === kind);
    if (!kind || !throttler) return 'unlimited';
    const { limit, ttl, blockDuration = ttl } = throttler;
    if (typeof limit !== 'number' || typeof ttl !== 'number' || typeof blockDuration !== 'number') {
      throw new TypeError('limits are numbers');
    }
    return { kind, limit, ttl, blockDuration };
  }

  /** What stands for an address in Redis, where none shall be read: a hash of it, or of its IPv6 network. */
  private async meet(request: FastifyRequest): Promise<string> {
    const client = hash('sha256', await this.getTracker(request), 'base64url').slice(0, 22);
    if (this.clients.size >= CLIENTS_KEPT) this.clients.clear();
    this.clients.set(request.ip, client);
    return client;
  }
}
