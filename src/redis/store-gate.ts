import type { StorePosition } from '../common/store-position.js';
import { storeBehind, storeUnproven } from './redis.errors.js';
import { BUCKETS, tagOfBucket, tagOfKey } from './redis-keys.js';

/** Result of a comparison of all buckets with the trail. */
export interface Comparison {
  /** By bucket, the value of {@link StoreGate.servers} before the comparison. */
  readonly servers: readonly (object | undefined)[];
  /** Buckets that are as far as the trail. */
  readonly current: readonly number[];
  readonly behind: readonly number[];
  /** Why buckets are behind, or could not be compared. */
  readonly reason: string | undefined;
}

const ALL = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

/**
 * Lets scripts of secrets through only to a server that was compared with the audit trail since it was
 * connected: after a reconnect or a failover it may have lost what was opened.
 */
export class StoreGate {
  private isArmed = false;
  private proven = new Map<string, object>();
  private behind: readonly number[] = [];
  private reason: string | undefined;
  private onDoubt: () => void = () => undefined;

  /**
   * @param serverOf identity of the connection that a key's commands use now: another object after each
   * change
   */
  constructor(private readonly serverOf: (key: string) => object | undefined) {}

  /** Closes the gate until the first comparison. @param onDoubt called whenever a comparison is due */
  arm(onDoubt: () => void): void {
    this.isArmed = true;
    this.onDoubt = onDoubt;
  }

  /** By bucket. */
  servers(): (object | undefined)[] {
    return ALL.map((bucket) => this.serverOf(`bb:${tagOfBucket(bucket)}`));
  }

  /** @throws ProblemError store_unavailable */
  require(key: string): void {
    if (!this.isArmed) return;
    if (this.behind.length > 0) throw storeBehind();
    const server = this.proven.get(tagOfKey(key));
    if (server !== undefined && server === this.serverOf(key)) return;
    this.onDoubt();
    throw storeUnproven();
  }

  /** Closes until the next comparison. */
  doubt(): void {
    this.proven.clear();
    this.onDoubt();
  }

  settle({ servers, current, behind, reason }: Comparison): void {
    this.behind = behind;
    this.reason = reason;
    this.proven = new Map(
      current.flatMap((bucket) => {
        const server = servers[bucket];
        return server === undefined ? [] : [[tagOfBucket(bucket), server] as const];
      }),
    );
  }

  get position(): StorePosition {
    if (!this.isArmed) return { state: 'current', buckets: [], reason: undefined, serving: true };
    const now = this.servers();
    const closed = ALL.filter((bucket) => {
      const server = this.proven.get(tagOfBucket(bucket));
      return server === undefined || server !== now[bucket];
    });
    const isBehind = this.behind.length > 0;
    return {
      state: isBehind ? 'behind' : closed.length > 0 ? 'unproven' : 'current',
      buckets: isBehind ? this.behind : closed,
      reason: closed.length > 0 || isBehind ? this.reason : undefined,
      serving: !isBehind && closed.length < BUCKETS,
    };
  }
}
