import { Readable } from 'node:stream';
import type { Clock } from '../../../common/clock.js';
import { requireRange } from '../blob-range.js';
import {
  BlobBusyError,
  BlobNotFoundError,
  BlobOffsetError,
  BlobStoreAwayError,
  BlobStoreUnfitError,
} from '../blob-store.errors.js';
import {
  requireBlobId,
  type BlobEntry,
  type BlobGrain,
  type BlobId,
  type BlobStore,
  type BlobWriter,
} from '../blob-store.port.js';
import { BlobLocks } from '../blob-locks.js';
import { S3Bucket, type S3Body } from './s3-blob.bucket.js';
import { S3_PATIENCE, s3Client, type S3Place } from './s3-blob.client.js';
import { isMissing, S3AnswerError } from './s3-blob.errors.js';
import { listBlobs } from './s3-blob.list.js';
import { S3Names } from './s3-blob.names.js';
import { findBlob, partialOf, sizeOfAll, type S3Partial } from './s3-blob.partial.js';
import { s3Reader } from './s3-blob.reader.js';
import { S3BlobUsage } from './s3-blob.usage.js';
import { S3BlobWriter } from './s3-blob.writer.js';

/**
 * Blobs in a bucket of S3, or of a compatible server: a finished blob is an object, a partial one a multipart
 * upload plus, after a suspension, a small object for less than a part. Any number of processes may share a
 * prefix. See ADR 0019 for the reasons and docs/files-s3.md for the requirements of a bucket.
 */
export class S3BlobStore implements BlobStore {
  private readonly turns = new BlobLocks();
  private readonly usage: S3BlobUsage;

  private constructor(
    readonly place: string,
    private readonly bucket: S3Bucket,
    private readonly names: S3Names,
    private readonly grain: BlobGrain,
    clock: Clock,
  ) {
    this.usage = new S3BlobUsage(() => this.sum(), clock);
  }

  /** @throws BlobStoreUnfitError when the bucket cannot be listed: it names the setting to check */
  static async open(
    place: S3Place,
    grain: BlobGrain,
    clock: Clock,
    patience = S3_PATIENCE,
  ): Promise<S3BlobStore> {
    const bucket = new S3Bucket(s3Client(place, patience), place.bucket);
    try {
      await bucket.objects(place.prefix, 1).next();
      await bucket.uploads(place.prefix, 1).next();
    } catch (error) {
      bucket.close();
      const unusable = error instanceof BlobStoreAwayError || error instanceof S3AnswerError;
      throw unusable ? unfit(place, error) : error;
    }
    return new S3BlobStore(
      `s3 ${place.bucket} ${place.prefix}`,
      bucket,
      new S3Names(place.prefix),
      grain,
      clock,
    );
  }

  /** Closes the connections. The caller must end open writers and streams first. */
  async close(): Promise<void> {
    this.bucket.close();
  }

  async append(id: BlobId, offset: number): Promise<BlobWriter> {
    requireBlobId(id);
    await this.turns.takeForWriting(id);
    try {
      return await this.writer(id, offset);
    } catch (error) {
      this.turns.endWriting(id);
      throw error;
    }
  }

  private async writer(id: BlobId, offset: number): Promise<BlobWriter> {
    const partial = await this.partial(id);
    if (offset !== partial.durableLength) throw new BlobOffsetError(id, partial.durableLength);
    for (const { key, uploadId } of partial.strayUploads) await this.bucket.abortUpload(key, uploadId);
    for (const { key } of partial.strayTails) await this.bucket.delete(key);
    return new S3BlobWriter({
      bucket: this.bucket,
      names: this.names,
      id,
      grain: this.grain,
      uploadId: partial.upload?.uploadId,
      parts: partial.parts,
      partsEnd: partial.partsEnd,
      tail: await this.tailBytes(id, partial),
      changed: (stored, held) => this.usage.change(stored, held),
      ended: () => this.turns.endWriting(id),
    });
  }

  private async tailBytes(id: BlobId, { tail }: S3Partial): Promise<Uint8Array> {
    if (!tail) return Buffer.alloc(0);
    const get = (from: number, etag?: string) => this.bucket.get(tail.key, from, tail.size, etag);
    try {
      const first = await get(0);
      const again = (at: number) => get(at, first.etag);
      const highWaterMark = this.grain.unit;
      const stream = s3Reader({ id, from: 0, to: tail.size, first, again, highWaterMark });
      return Buffer.concat((await stream.toArray()) as Buffer[]);
    } catch (error) {
      // Only another replica can have removed it, to continue it.
      throw isMissing(error) || error instanceof BlobNotFoundError ? new BlobBusyError(id) : error;
    }
  }

  async durableLength(id: BlobId): Promise<number> {
    requireBlobId(id);
    return (await this.partial(id)).durableLength;
  }

  private async partial(id: BlobId): Promise<S3Partial> {
    return partialOf(id, this.grain, await findBlob(this.bucket, this.names, id));
  }

  async size(id: BlobId): Promise<number> {
    requireBlobId(id);
    const size = await this.bucket.size(this.names.blob(id));
    if (size === undefined) throw new BlobNotFoundError(id);
    return size;
  }

  async read(id: BlobId, from = 0, to?: number): Promise<Readable> {
    requireBlobId(id);
    requireRange(from, to ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    // S3 has no empty range.
    const first = from === to ? undefined : await this.get(id, from, to);
    if (!first) {
      const size = await this.size(id);
      requireRange(from, to ?? size, size);
      if (from < (to ?? size)) throw new BlobNotFoundError(id);
      return Readable.from([]);
    }
    const end = to ?? first.size;
    if (!(end <= first.size)) {
      first.stream.destroy();
      requireRange(from, end, first.size);
    }
    return s3Reader({
      id,
      from,
      to: end,
      first,
      again: (at) => this.bucket.get(this.names.blob(id), at, end, first.etag),
      highWaterMark: this.grain.unit,
    });
  }

  /** @returns undefined when nothing of the range is within the blob */
  private async get(id: BlobId, from: number, to?: number): Promise<S3Body | undefined> {
    try {
      return await this.bucket.get(this.names.blob(id), from, to);
    } catch (error) {
      if (isMissing(error)) throw new BlobNotFoundError(id);
      if (error instanceof S3AnswerError && error.answer === 'no-such-range') return undefined;
      throw error;
    }
  }

  async delete(id: BlobId): Promise<boolean> {
    requireBlobId(id);
    return this.turns.delete(id, () => this.remove(id));
  }

  private async remove(id: BlobId): Promise<boolean> {
    const all = await findBlob(this.bucket, this.names, id);
    const objects = [...all.tails.map(({ object }) => object), ...(all.finished ? [all.finished] : [])];
    for (const { upload } of all.uploads) await this.bucket.abortUpload(upload.key, upload.uploadId);
    for (const { key } of objects) await this.bucket.delete(key);
    this.usage.change(-sizeOfAll(all));
    return objects.length + all.uploads.length > 0;
  }

  list(): AsyncIterable<BlobEntry> {
    return listBlobs(this.bucket, this.names);
  }

  usedBytes(): Promise<number> {
    return this.usage.bytes();
  }

  /** Milliseconds since all blobs were summed up; `usedBytes` also includes later changes of this process. */
  get usedBytesAge(): number | undefined {
    return this.usage.age;
  }

  private async sum(): Promise<number> {
    let bytes = 0;
    for await (const { size } of this.list()) bytes += size;
    return bytes;
  }
}

/** The origin alone: a URL may hold a password. */
function unfit({ bucket, endpoint, region }: S3Place, { message }: Error): BlobStoreUnfitError {
  const where =
    endpoint === undefined ? `AWS, S3_REGION ${region}` : `S3_ENDPOINT ${new URL(endpoint).origin}`;
  return new BlobStoreUnfitError(
    `BLOB_STORE=s3: the bucket of S3_BUCKET, ${bucket}, cannot be listed at ${where}: ${message}. Check both, S3_PATH_STYLE, the credentials, and that they may list objects and uploads (docs/files-s3.md)`,
  );
}
