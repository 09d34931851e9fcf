import { BlobStoreAwayError, BlobStoreFullError } from '../blob-store.errors.js';
import { grainFloor, type BlobGrain, type BlobId, type BlobWriter } from '../blob-store.port.js';
import type { S3Bucket, S3Part } from './s3-blob.bucket.js';
import { isMissing, S3AnswerError } from './s3-blob.errors.js';
import { partSize, S3_PARTS_MAX, type S3Names } from './s3-blob.names.js';
import { SerialQueue } from '../serial-queue.js';

export interface S3BlobWriterOptions {
  readonly bucket: S3Bucket;
  readonly names: S3Names;
  readonly id: BlobId;
  readonly grain: BlobGrain;
  /** The upload to continue. */
  readonly uploadId: string | undefined;
  readonly parts: readonly S3Part[];
  /** End of its parts. */
  readonly partsEnd: number;
  /** The bytes of the tail that was suspended after them. */
  readonly tail: Uint8Array;
  /** Called with every change, in bytes: of the stored bytes, and of those in memory. */
  readonly changed: (stored: number, held: number) => void;
  /** Called once, after the last write. */
  readonly ended: () => void;
}

/** Writes one blob: fills one part in memory while the previous one is sent. */
export class S3BlobWriter implements BlobWriter {
  private readonly turns = new SerialQueue(
    (error) => this.failed(error),
    () => this.options.ended(),
  );
  private readonly key: string;
  private readonly parts: S3Part[];
  private uploadId: string | undefined;
  /** End of the parts that are stored or being sent. */
  private partsEnd: number;
  private partsStored: number;
  private counted: { readonly stored: number; readonly held: number };
  private buffer: Buffer;
  private filled: number;
  private spare: Buffer | undefined;
  private inFlight: Promise<void> = Promise.resolve();
  /** The stored tail; it begins at the end of the parts. */
  private tail: { readonly from: number; readonly size: number } | undefined;

  constructor(private readonly options: S3BlobWriterOptions) {
    const { names, id, uploadId, parts, partsEnd, tail } = options;
    this.key = names.blob(id);
    this.uploadId = uploadId;
    this.parts = [...parts];
    this.partsEnd = partsEnd;
    this.partsStored = partsEnd;
    this.counted = { stored: partsEnd + tail.length, held: 0 };
    this.buffer = this.newBuffer();
    this.buffer.set(tail);
    this.filled = tail.length;
    if (tail.length > 0) this.tail = { from: partsEnd, size: tail.length };
  }

  get length(): number {
    return this.partsEnd + this.filled;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.turns.run(async () => {
      for (let rest = bytes; rest.length > 0;) {
        const taken = rest.subarray(0, this.buffer.length - this.filled);
        this.buffer.set(taken, this.filled);
        this.filled += taken.length;
        this.account();
        rest = rest.subarray(taken.length);
        if (this.filled === this.buffer.length) await this.sendPart();
      }
    });
  }

  sync(): Promise<number> {
    return this.turns.run(async () => {
      await this.inFlight;
      return Math.max(this.partsEnd, this.tail ? this.tail.from + this.tail.size : 0);
    });
  }

  finish(): Promise<void> {
    return this.turns.run(async () => {
      await this.inFlight;
      const { bucket } = this.options;
      if (this.parts.length === 0) {
        await bucket.put(this.key, this.buffer.subarray(0, this.filled));
        if (this.uploadId !== undefined) await bucket.abortUpload(this.key, this.uploadId);
      } else {
        if (this.filled > 0) await this.upload(this.buffer.subarray(0, this.filled));
        await this.complete();
      }
      await this.dropTail();
      this.account(this.length, 0);
      await this.turns.end();
    });
  }

  suspend(): Promise<number> {
    return this.turns.run(async () => {
      await this.inFlight;
      const { bucket, names, id, grain } = this.options;
      const end = grainFloor(grain, this.length);
      const size = end - this.partsEnd;
      if (size > (this.tail?.size ?? 0)) {
        await bucket.put(names.tail(id, this.partsEnd), this.buffer.subarray(0, size));
      }
      this.account(end, 0);
      await this.turns.end();
      return end;
    });
  }

  abort(): Promise<void> {
    return this.turns.runLast(() => this.remove());
  }

  private newBuffer(): Buffer {
    return Buffer.allocUnsafeSlow(partSize(this.options.grain, this.parts.length + 1));
  }

  /** Starts the upload of the full buffer when the previous one has arrived. */
  private async sendPart(): Promise<void> {
    await this.inFlight;
    if (this.parts.length === S3_PARTS_MAX - 1) throw new BlobStoreFullError();
    const full = this.buffer;
    this.partsEnd += full.length;
    this.filled = 0;
    this.inFlight = this.upload(full).then(() => this.dropTail());
    // The next caller gets the failure; none may be waiting now.
    this.inFlight.catch(() => undefined);
    const size = partSize(this.options.grain, this.parts.length + 2);
    this.buffer = this.spare?.length === size ? this.spare : Buffer.allocUnsafeSlow(size);
    this.spare = full;
  }

  private async upload(bytes: Buffer): Promise<void> {
    const { bucket } = this.options;
    this.uploadId ??= await bucket.createUpload(this.key);
    this.parts.push(await bucket.uploadPart(this.key, this.uploadId, this.parts.length + 1, bytes));
    this.partsStored += bytes.length;
    this.account();
  }

  private async complete(): Promise<void> {
    const { bucket } = this.options;
    try {
      await bucket.completeUpload(this.key, this.uploadId ?? '', this.parts);
    } catch (error) {
      // A first try may have succeeded and its answer been lost: then the upload is gone, but the blob
      // exists.
      if (!isMissing(error) || (await bucket.size(this.key)) !== this.length) throw error;
    }
  }

  /** The continued tail is part of a part by now. */
  private async dropTail(): Promise<void> {
    if (!this.tail) return;
    const { bucket, names, id } = this.options;
    const { from } = this.tail;
    this.tail = undefined;
    await bucket.delete(names.tail(id, from));
    this.account();
  }

  private account(
    stored = this.partsStored + (this.tail?.size ?? 0),
    held = Math.max(0, this.length - stored),
  ): void {
    this.options.changed(stored - this.counted.stored, held - this.counted.held);
    this.counted = { stored, held };
  }

  private async failed(cause: unknown): Promise<unknown> {
    if (cause instanceof BlobStoreFullError) {
      // The caller gets the cause; the sweeper finds what cannot be removed now.
      await this.remove().catch(() => undefined);
      return cause;
    }
    await this.inFlight.catch(() => undefined);
    this.account(this.partsStored + (this.tail?.size ?? 0), 0);
    // The upload was aborted, for example by a lifecycle rule: the client begins again at the store's offset.
    return cause instanceof S3AnswerError ? new BlobStoreAwayError('the upload was aborted') : cause;
  }

  private async remove(): Promise<void> {
    const { bucket } = this.options;
    // A part that is being sent may outlive the end of its upload.
    await this.inFlight.catch(() => undefined);
    if (this.uploadId !== undefined) await bucket.abortUpload(this.key, this.uploadId);
    await this.dropTail();
    this.account(0, 0);
  }
}
