import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const REDIS_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1];

export type BurnOutcome = 'viewed' | 'leased' | 'burned' | 'acknowledged';
export type RefusalOutcome = 'gone' | 'missing' | 'damaged' | 'unknown_key' | 'locked' | 'required' | 'wrong';

/** Every metric there is. Labels are small closed sets: never a reference, an id or an address. */
@Injectable()
export class MetricsService {
  private readonly registry = new Registry();
  private readonly requests = this.histogram(
    'burnbag_http_request_duration_seconds',
    'Duration of requests by route template.',
    ['method', 'route', 'status'],
    LATENCY_SECONDS,
  );
  private readonly redis = this.histogram(
    'burnbag_redis_script_duration_seconds',
    'Duration of a script including the round trip.',
    ['script'],
    REDIS_SECONDS,
  );
  private readonly created = this.counter('burnbag_secrets_created_total', 'Secrets created.', ['sealed']);
  private readonly createdSealed = this.created.labels('true');
  private readonly createdPlain = this.created.labels('false');
  private readonly burns = this.counter(
    'burnbag_burns_total',
    'Views handed over and secrets ended, by outcome.',
    ['outcome'],
  );
  private readonly refusals = this.counter(
    'burnbag_refusals_total',
    'Openings and burns refused, by reason.',
    ['reason'],
  );
  private readonly retries = this.counter(
    'burnbag_claim_retries_total',
    'Views fetched again under the same claim.',
    [],
  );
  private readonly lockouts = this.counter(
    'burnbag_lockouts_total',
    'Secrets locked after wrong passphrases.',
    [],
  );
  private readonly limited = this.counter('burnbag_rate_limited_total', 'Requests over a limit, by kind.', [
    'kind',
  ]);
  private readonly storeUp = new Gauge({
    name: 'burnbag_store_up',
    help: '1 while Redis answers.',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  readonly contentType = this.registry.contentType;

  /** @returns the exposition text of Prometheus */
  expose(): Promise<string> {
    return this.registry.metrics();
  }

  /** A handle for one method, route template and status: looked up once, cheap to use for each request. */
  requestTimer(method: string, route: string, status: number): { observe(seconds: number): void } {
    return this.requests.labels(method, route, String(status));
  }

  redisScript(script: string): { observe(seconds: number): void } {
    return this.redis.labels(script);
  }

  secretCreated(sealed: boolean): void {
    (sealed ? this.createdSealed : this.createdPlain).inc();
  }

  burn(outcome: BurnOutcome): void {
    this.burns.inc({ outcome });
  }

  refused(reason: RefusalOutcome): void {
    this.refusals.inc({ reason });
  }

  claimRetried(): void {
    this.retries.inc();
  }

  lockedOut(): void {
    this.lockouts.inc();
  }

  rateLimited(kind: string): void {
    this.limited.inc({ kind });
  }

  storeReachable(up: boolean): void {
    this.storeUp.set(up ? 1 : 0);
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    buckets: number[],
  ): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
