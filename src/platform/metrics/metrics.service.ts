import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const REDIS_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1];

export type BurnOutcome = 'viewed' | 'leased' | 'burned' | 'acknowledged';
export type RefusalOutcome =
  'gone' | 'missing' | 'damaged' | 'unknown_key' | 'locked' | 'required' | 'wrong' | 'not_recipient';

/** Counts failures of the quorum of replicas. */
export interface BurnQuorumMeter {
  /** Withheld answers: the master has run it, but too few replicas hold it. */
  withheld(answers: number): void;
  /** One request that was refused before any change. */
  refused(): void;
  /** Whether enough replicas of every asked server answer. */
  holds(up: boolean): void;
}

/** The memory of Redis. */
export interface StoreMemoryFigures {
  /** Bytes */
  readonly used: number;
  /** Bytes; 0: none */
  readonly bound: number;
  /** 0 to 1 */
  readonly filled: number;
}

/** Lag of the audit trail. */
export interface TrailFigures {
  readonly events: number;
  readonly oldestMs: number;
  /** Share of AUDIT_OUTBOX_MAX. */
  readonly filled: number;
  readonly kept: boolean;
  readonly relayed: number;
  readonly expired: number;
  readonly setAside: number;
}

/** All metrics. Labels are small closed sets: never a reference, an id or an IP address. */
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
  private readonly storeUp = this.gauge('burnbag_store_up', '1 while Redis answers.');
  private readonly positionUp = this.gauge(
    'burnbag_redis_position_up',
    '1 while every bucket of Redis is known to be as far as the audit trail; otherwise the others are closed.',
  );
  private readonly bucketsBehind = this.gauge(
    'burnbag_redis_buckets_behind',
    'Buckets in which Redis has gone back in time; above 0 nothing is opened.',
  );
  private readonly clocksApart = this.gauge(
    'burnbag_clock_difference_seconds',
    'Seconds by which the clock of this process is ahead of that of Redis; negative when it is behind.',
  );
  private readonly quorumUp = this.gauge(
    'burnbag_burn_quorum_up',
    '1 while BURN_QUORUM replicas hold what is answered, or no quorum is configured.',
  );
  private readonly quorumFailures = this.counter(
    'burnbag_burn_quorum_failures_total',
    'Requests answered 503 for lack of replicas: withheld after, or refused before the master ran the change.',
    ['kind'],
  );

  private readonly outboxEvents = this.gauge(
    'burnbag_outbox_events',
    'Audit events that wait in Redis for the database.',
  );
  private readonly outboxOldest = this.gauge(
    'burnbag_outbox_oldest_seconds',
    'Age of the oldest of them: the lag of the trail.',
  );
  private readonly outboxFilled = this.gauge(
    'burnbag_outbox_filled_ratio',
    'Their share of AUDIT_OUTBOX_MAX; at 1 new secrets are refused.',
  );
  private readonly trailKept = this.gauge(
    'burnbag_audit_trail_up',
    '1 while audit events reach the database and its chains are intact.',
  );
  private readonly relayed = this.gauge(
    'burnbag_audit_relayed_events',
    'Audit events that this process has moved into the database since its start.',
  );
  private readonly expired = this.gauge(
    'burnbag_audit_expired_secrets',
    'Expiries that this process has recorded since its start.',
  );

  private readonly setAside = this.gauge(
    'burnbag_audit_set_aside_events',
    'Audit events that the database refused: their bytes are kept in it, and the chain names them.',
  );

  private readonly diskFreeBytes = this.gauge(
    'burnbag_disk_free_bytes',
    'Bytes that the file system of DATA_DIR has free.',
  );
  private readonly storeUsedBytes = this.gauge(
    'burnbag_redis_memory_used_bytes',
    'Bytes of memory that the servers of Redis use together.',
  );
  private readonly storeBoundBytes = this.gauge(
    'burnbag_redis_memory_bound_bytes',
    'Bytes from which new secrets are refused: maxmemory, or SECRET_QUOTA_BYTES if that is less; 0 without either.',
  );
  private readonly storeFilled = this.gauge(
    'burnbag_redis_memory_filled_ratio',
    'Share of the bound that is used, of the fullest server; at 1 new secrets are refused.',
  );
  private readonly blobBytesStored = this.gauge(
    'burnbag_blob_bytes',
    'Bytes of all stored files, encrypted, unfinished uploads included.',
  );
  private readonly blobsSwept = this.counter(
    'burnbag_blobs_swept_total',
    'Stored files without a secret that the sweeper deleted.',
    [],
  );
  private readonly secretsBereft = this.counter(
    'burnbag_files_lost_total',
    'Secrets that were burnt because their stored files are lost.',
    [],
  );

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.quorumUp.set(1);
  }

  readonly contentType = this.registry.contentType;

  /** @returns the exposition text of Prometheus */
  expose(): Promise<string> {
    return this.registry.metrics();
  }

  /** A handle for one method, route template and status: looked up once, cheap for each request. */
  requestTimer(method: string, route: string, status: number): { observe(seconds: number): void } {
    return this.requests.labels(method, route, String(status));
  }

  redisPosition(current: boolean, bucketsBehind: number): void {
    this.positionUp.set(current ? 1 : 0);
    this.bucketsBehind.set(bucketsBehind);
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

  auditTrail(trail: TrailFigures): void {
    this.outboxEvents.set(trail.events);
    this.outboxOldest.set(trail.oldestMs / 1000);
    this.outboxFilled.set(trail.filled);
    this.trailKept.set(trail.kept ? 1 : 0);
    this.relayed.set(trail.relayed);
    this.expired.set(trail.expired);
    this.setAside.set(trail.setAside);
  }

  /** Results of a round of the sweeper. */
  swept({ blobs, secrets }: { readonly blobs: number; readonly secrets: number }): void {
    this.blobsSwept.inc(blobs);
    this.secretsBereft.inc(secrets);
  }

  /** @param bytes free on DATA_DIR's file system */
  diskFree(bytes: number): void {
    this.diskFreeBytes.set(bytes);
  }

  storeMemory({ used, bound, filled }: StoreMemoryFigures): void {
    this.storeUsedBytes.set(used);
    this.storeBoundBytes.set(bound);
    this.storeFilled.set(filled);
  }

  blobBytes(stored: number): void {
    this.blobBytesStored.set(stored);
  }

  burnQuorum(): BurnQuorumMeter {
    return {
      withheld: (answers) => this.quorumFailures.inc({ kind: 'withheld' }, answers),
      refused: () => this.quorumFailures.inc({ kind: 'refused' }),
      holds: (up) => this.quorumUp.set(up ? 1 : 0),
    };
  }

  /** @param ms by which this process' clock is ahead of Redis' */
  clockDifference(ms: number): void {
    this.clocksApart.set(ms / 1000);
  }

  storeReachable(up: boolean): void {
    this.storeUp.set(up ? 1 : 0);
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.registry] });
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
