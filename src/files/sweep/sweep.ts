import type { SecretStore } from '../../secrets/secret-store.port.js';
import { BlobBusyError, BlobNotFoundError } from '../store/blob-store.errors.js';
import type { BlobEntry, BlobId, BlobStore } from '../store/blob-store.port.js';
import type { BlobOwners } from './blob-owners.port.js';

/** Asked together. */
const BATCH = 128;

/** More than so many lost files, and none that is left, are not lost: the store is another one, or not mounted. */
const LOST_AT_ONCE = 10;

/** The store has none of the files that it should have. Nothing was burnt for it. */
export class BlobsMissingError extends Error {
  override name = 'BlobsMissingError';

  constructor(count: number) {
    super(`none of ${count} stored files is there: is this the right DATA_DIR or bucket, and is it mounted?`);
  }
}

export interface SweepOptions {
  readonly blobs: BlobStore;
  readonly owners: BlobOwners;
  readonly secrets: Pick<SecretStore, 'burn'>;
  /** Whose burning the trail tells of. */
  readonly origin: string;
  readonly log: (message: string, ref: BlobId) => void;
}

/** What one round found. */
export interface SweepResult {
  /** Blobs that belonged to nobody, and are deleted. */
  readonly blobs: number;
  /** Secrets whose blob is lost, and that are burnt. */
  readonly secrets: number;
}

/**
 * Brings blobs and records together again, in both directions. Any number of replicas may do it at once.
 *
 * A blob is younger than its upload record, which becomes the secret's record in one step of Redis; neither comes back.
 * So a blob that was seen before both were missing belongs to nobody, and needs no time of grace. The other way round,
 * a secret is in the index only after its blob was whole.
 */
export class Sweep {
  constructor(private readonly options: SweepOptions) {}

  /** @param stopping ends the round early, between two steps. @throws BlobsMissingError, and what the stores throw */
  async round(stopping: AbortSignal): Promise<SweepResult> {
    const there = new Set<BlobId>();
    let blobs = 0;
    for await (const batch of batches(this.options.blobs.list(), BATCH)) {
      if (stopping.aborted) return { blobs, secrets: 0 };
      for (const { id, partial } of batch) if (!partial) there.add(id);
      const deleted = await this.deleteOrphans([...new Set(batch.map(({ id }) => id))]);
      for (const id of deleted) there.delete(id);
      blobs += deleted.length;
    }
    return { blobs, secrets: await this.burnBereft(there, stopping) };
  }

  /** @returns those that are gone now */
  private async deleteOrphans(ids: readonly BlobId[]): Promise<BlobId[]> {
    const { owners, log } = this.options;
    const owned = await Promise.all(ids.map((id) => owners.ownerOf(id)));
    const deleted: BlobId[] = [];
    for (const id of ids.filter((_, at) => owned[at] === undefined)) {
      if (!(await this.delete(id))) continue;
      log('a blob that belonged to no secret was deleted', id);
      deleted.push(id);
    }
    return deleted;
  }

  /** @returns whether it was there, and is no more */
  private async delete(id: BlobId): Promise<boolean> {
    try {
      return await this.options.blobs.delete(id);
    } catch (error) {
      // Its upload has ended, and the writer is about to find out: the next round looks again.
      if (error instanceof BlobBusyError) return false;
      throw error;
    }
  }

  private async burnBereft(there: ReadonlySet<BlobId>, stopping: AbortSignal): Promise<number> {
    const { owners, secrets, origin, log } = this.options;
    const missing = new Set<BlobId>();
    let found = 0;
    for await (const id of owners.expected()) {
      if (stopping.aborted) return 0;
      // The list is no snapshot: what it did not name may be there all the same.
      if (there.has(id) || (await this.isThere(id))) found += 1;
      else if (!(await owners.forget(id))) missing.add(id);
    }
    if (found === 0 && missing.size > LOST_AT_ONCE) throw new BlobsMissingError(missing.size);
    let burnt = 0;
    for (const id of missing) {
      if (stopping.aborted) break;
      const result = await secrets.burn(Buffer.from(id, 'hex'), 'receipt', origin);
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
