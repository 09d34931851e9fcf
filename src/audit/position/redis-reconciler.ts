import type { Database, Queries } from '../../database/database.port.js';
import { positionKeys, secretKeys, TRAIL_KEY } from '../../redis/redis-keys.js';
import { defineScript } from '../../redis/script/define-script.js';
import { noReply, resultOf } from '../../redis/script/script-reply.js';
import type { Scripts } from '../../redis/script/script-runner.js';
import { bindOnceScript, keepValueScript, readValueScript } from '../../redis/value/value.scripts.js';
import { BUCKETS, type ChainHead } from '../chain/audit-chain.js';
import { encodeOrigin } from '../events/audit-event.js';
import type { KeyLookup } from '../chain/audit-keys.js';
import { decodeHead, encodeHead } from '../chain/chain-encoding.js';
import { TrailBrokenError } from '../relay/relay.js';
import { unexpiredSecrets, type KnownSecret } from '../retention/spent.repository.js';
import { awaitHead, trailId } from '../chain/trail.repository.js';
import { isOwnHead } from './chain-position.js';

const PAGE = 500;
const ALL = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
const SYSTEM = encodeOrigin({ actor: 'system', ipAddress: null, userAgent: null });

type Outcome = 'SAME' | 'REVIVED' | 'LOST' | 'DAMAGED';

const OUTCOMES: Readonly<Record<Outcome, Outcome>> = {
  SAME: 'SAME',
  REVIVED: 'REVIVED',
  LOST: 'LOST',
  DAMAGED: 'DAMAGED',
};

export const reconcileSecretScript = defineScript(import.meta.url, 'reconcile-secret', {
  keys: ['record', 'tombstone', 'outbox'],
  args: {
    origin: 'text',
    viewsLeft: 'number',
    reason: 'text',
    endedAt: 'number',
    tombstoneMs: 'number',
    isDry: 'flag',
  },
  parse: (reply): Outcome => resultOf(reply, OUTCOMES),
});
export const advanceOutboxScript = defineScript(import.meta.url, 'advance-outbox', {
  keys: ['outbox'],
  args: { id: 'text' },
  parse: noReply,
});

export interface Reconciled {
  /** Secrets that have not expired, by the trail. */
  readonly looked: number;
  /** Those that had come back with views that were taken. */
  readonly revived: number;
  /** Those that should be live and are not in Redis. */
  readonly lost: number;
}

export interface ReconcilerOptions {
  readonly database: Database;
  readonly redis: Scripts;
  readonly lookup: KeyLookup;
  /** How long a tombstone is kept, ms. */
  readonly tombstoneMs: number;
}

/** The trail of this Redis is kept by another database than the configured one. */
export class OtherTrailError extends Error {
  override name = 'OtherTrailError';
}

/**
 * Brings a Redis that has gone back in time to the state of the trail: burns what came back, restores
 * tombstones, then sets the position of each chain to that of the database. Locks each bucket's row in the
 * database meanwhile, so that no relay adds to its chain. Idempotent, and harmless when nothing is behind.
 */
export class RedisReconciler {
  constructor(private readonly options: ReconcilerOptions) {}

  /**
   * @param buckets only these. @default all @param isDry change nothing
   * @throws OtherTrailError, TrailBrokenError, DatabaseAwayError, ProblemError store_unavailable
   */
  async run(buckets: readonly number[] = ALL, isDry = false): Promise<Reconciled> {
    await this.requireOwnTrail(isDry);
    const total = { looked: 0, revived: 0, lost: 0 };
    for (const bucket of buckets) {
      const { looked, revived, lost } = await this.bucket(bucket, isDry);
      total.looked += looked;
      total.revived += revived;
      total.lost += lost;
    }
    return total;
  }

  private async requireOwnTrail(isDry: boolean): Promise<void> {
    const { database, redis } = this.options;
    const ours = await trailId(database);
    const bound = isDry
      ? (await redis.run(readValueScript, { value: TRAIL_KEY }, {}))?.toString('utf8')
      : await redis.run(bindOnceScript, { binding: TRAIL_KEY }, { id: ours });
    if (bound !== undefined && bound !== ours)
      throw new OtherTrailError(
        'the audit trail of this Redis is kept by another database: set DATABASE_URL',
      );
  }

  private bucket(bucket: number, isDry: boolean): Promise<Reconciled> {
    const { database, redis, lookup } = this.options;
    const keys = positionKeys(bucket);
    return database.transaction(async (queries) => {
      const stored = await awaitHead(queries, bucket);
      // A database that no portal has used yet.
      if (!stored) return { looked: 0, revived: 0, lost: 0 };
      if (!isOwnHead(stored.head, bucket, lookup))
        throw new TrailBrokenError(
          `the end of chain ${bucket} in the database is not one that was signed here`,
        );
      if (!isDry) await redis.run(advanceOutboxScript, keys, { id: stored.streamId });
      const result = await this.secrets(queries, bucket, isDry);
      if (!isDry) await this.keepPosition(keys.head, stored.head);
      return result;
    });
  }

  private async secrets(queries: Queries, bucket: number, isDry: boolean): Promise<Reconciled> {
    const counts = { SAME: 0, REVIVED: 0, LOST: 0, DAMAGED: 0 };
    let looked = 0;
    let after = '';
    for (;;) {
      const page = await unexpiredSecrets(queries, bucket, after, PAGE);
      const outcomes = await Promise.all(page.map((secret) => this.secret(secret, isDry)));
      for (const outcome of outcomes) counts[outcome] += 1;
      looked += page.length;
      after = page.at(-1)?.ref ?? '';
      if (page.length < PAGE) return { looked, revived: counts.REVIVED, lost: counts.LOST };
    }
  }

  private secret({ ref, viewsLeft, end, endedAt }: KnownSecret, isDry: boolean): Promise<Outcome> {
    const { redis, tombstoneMs } = this.options;
    return redis.run(reconcileSecretScript, secretKeys(Buffer.from(ref, 'hex')), {
      origin: SYSTEM,
      viewsLeft,
      reason: end ?? '',
      endedAt: endedAt ?? 0,
      tombstoneMs,
      isDry,
    });
  }

  /** When Redis is ahead, it is the database that is behind, which must not be hidden. */
  private async keepPosition(redisKey: string, head: ChainHead): Promise<void> {
    const { redis, lookup } = this.options;
    const stored = await redis.run(readValueScript, { value: redisKey }, {});
    const kept = stored && decodeHead(stored);
    if (kept && isOwnHead(kept, head.bucket, lookup) && kept.sequence >= head.sequence) return;
    await redis.run(keepValueScript, { value: redisKey }, { value: encodeHead(head) });
  }
}
