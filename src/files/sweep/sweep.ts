import type { RedisSecretStore } from '../../secrets/record/redis-secret.store.js';
import { BlobBusyError, BlobNotFoundError } from '../store/blob-store.errors.js';
import type { RedisBlobStoreBinding } from '../store/binding/redis-blob-store-binding.js';
import type { BlobEntry, BlobId, BlobStore } from '../store/blob-store.port.js';
import type { BlobOwners } from './blob-owners.port.js';

/** Number of concurrent questions. */
const BATCH = 128;
/** More unknown blobs than this and no known one: then this is the wrong Redis. */
const STRANGERS_MAX = 10;

/**
 * The store has none of the expected files, or Redis knows none of those that exist. Nothing was destroyed.
 */
export class WrongStoreError extends Error {
  override name = 'WrongStoreError';
}

export interface SweepOptions {
  readonly blobs: BlobStore;
  readonly owners: BlobOwners;
  readonly secrets: Pick<RedisSecretStore, 'burn'>;
  /** A file in another store is not lost. */
  readonly here: Pick<RedisBlobStoreBinding, 'holds'>;
  /** Actor of the burns in the trail. */
  readonly origin: string;
  readonly log: (message: string, ref: BlobId) => void;
}

/** Result of one round. */
export interface SweepResult {
  /** Deleted blobs without an owner. */
  readonly blobs: number;
  /** Burnt secrets whose blob is lost. */
  readonly secrets: number;
}

const NOTHING: SweepResult = { blobs: 0, secrets: 0 };

/**
 * Reconciles blobs and records, in both directions. Any number of replicas may do it at once.
 * A blob is younger than its upload record, which becomes the secret's record in one step of Redis; neither
 * comes back. So a blob that was seen before both were missing has no owner, and needs no grace period. The
 * other way round, a secret is in the index only after its blob was complete.
 */
export class Sweep {
  constructor(private readonly options: SweepOptions) {}

  /**
   * @param stopping ends the round early, between two steps. @throws WrongStoreError, and errors of the
   * stores
   */
  async round(stopping: AbortSignal): Promise<SweepResult> {
    const expected = new Set<BlobId>();
    for await (const id of this.options.owners.expected()) expected.add(id);
    const there = new Set<BlobId>();
    const orphans = new Set<BlobId>();
    for await (const batch of batches(this.options.blobs.list(), BATCH)) {
      if (stopping.aborted) return NOTHING;
      for (const { id, partial } of batch) if (!partial) there.add(id);
      for (const id of await this.withoutOwner(batch)) orphans.add(id);
    }
    requireKnown(there, orphans, expected);
    const blobs = await this.deleteAll(orphans, stopping);
    const missing = await this.missing(expected, there, orphans, stopping);
    return { blobs, secrets: await this.burnAll(missing, stopping) };
  }

  private async withoutOwner(batch: readonly BlobEntry[]): Promise<BlobId[]> {
    const owned = await Promise.all(batch.map(({ id }) => this.options.owners.ownerOf(id)));
    return batch.filter((_, at) => owned[at] === undefined).map(({ id }) => id);
  }

  /** @returns the number of deleted blobs */
  private async deleteAll(orphans: ReadonlySet<BlobId>, stopping: AbortSignal): Promise<number> {
    let deleted = 0;
    for (const id of orphans) {
      if (stopping.aborted) break;
      if (!(await this.delete(id))) continue;
      this.options.log('a blob that belonged to no secret was deleted', id);
      deleted += 1;
    }
    return deleted;
  }

  /** @returns whether it existed and was deleted */
  private async delete(id: BlobId): Promise<boolean> {
    try {
      return await this.options.blobs.delete(id);
    } catch (error) {
      // Its upload has ended, and the writer will notice: the next round checks again.
      if (error instanceof BlobBusyError) return false;
      throw error;
    }
  }

  /** @returns live secrets whose blob is missing; removes those that have ended from the index */
  private async missing(
    expected: ReadonlySet<BlobId>,
    there: ReadonlySet<BlobId>,
    orphans: ReadonlySet<BlobId>,
    stopping: AbortSignal,
  ): Promise<BlobId[]> {
    const missing: BlobId[] = [];
    let found = 0;
    for (const id of expected) {
      if (stopping.aborted) return [];
      // The list is not a snapshot: a blob that it lacks may exist all the same.
      if ((there.has(id) && !orphans.has(id)) || (await this.isThere(id))) found += 1;
      else if (!(await this.options.owners.forget(id))) missing.push(id);
    }
    if (found === 0 && missing.length > STRANGERS_MAX) {
      throw new WrongStoreError(
        `none of ${missing.length} stored files is there: is this the right DATA_DIR or bucket, and is it mounted?`,
      );
    }
    return missing;
  }

  private async burnAll(missing: readonly BlobId[], stopping: AbortSignal): Promise<number> {
    const { secrets, origin, log } = this.options;
    if (missing.length === 0 || !(await this.options.here.holds())) return 0;
    let burnt = 0;
    for (const id of missing) {
      if (stopping.aborted) break;
      const result = await secrets.burn(Buffer.from(id, 'hex'), 'system', origin);
      if (result.kind !== 'ok') continue;
      log('a secret was burnt because its files are lost', id);
      burnt += 1;
    }
    return burnt;
  }

  private async isThere(id: BlobId): Promise<boolean> {
    try {
      await this.options.blobs.size(id);
      return true;
    } catch (error) {
      if (error instanceof BlobNotFoundError) return false;
      throw error;
    }
  }
}

/**
 * Another Redis knows no file at all; the right one still has secrets that have ended in its index. Only
 * finished blobs count: abandoned uploads alone are not suspicious.
 */
function requireKnown(
  there: ReadonlySet<BlobId>,
  orphans: ReadonlySet<BlobId>,
  expected: ReadonlySet<BlobId>,
): void {
  for (const id of there) if (!orphans.has(id) || expected.has(id)) return;
  if (there.size <= STRANGERS_MAX) return;
  throw new WrongStoreError(`Redis knows none of ${there.size} stored files: is REDIS_URL the right one?`);
}

async function* batches(
  entries: AsyncIterable<BlobEntry>,
  size: number,
): AsyncGenerator<BlobEntry[], void, undefined> {
  let batch: BlobEntry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
