import { Inject, Injectable, Logger } from '@nestjs/common';

import { CLOCK, type Clock } from '../../common/clock.js';
import { ID_GENERATOR, type IdGenerator } from '../../common/id-generator.js';
import { filesConfig, type FilesConfig } from '../../platform/config/sections/app.config.js';
import { KEY_BYTES } from '../../crypto/envelope/aead.js';
import {
  CHUNK_BYTES,
  CHUNK_SALT_BYTES,
  chunkHeader,
  storedLengthOf,
  wholeChunks,
} from '../../crypto/chunks/chunk-format.js';
import { EnvelopeService } from '../../crypto/envelope/envelope.service.js';
import { RANDOM_SOURCE, type RandomSource } from '../../crypto/random-source.port.js';
import { secretIds, type SecretIds } from '../../secrets/record/secret-ids.js';
import { keyUnavailable } from '../../secrets/secrets.errors.js';
import { RedisBlobStoreBinding } from '../store/binding/redis-blob-store-binding.js';
import { uploadNotFound } from '../files.errors.js';
import { payloadAccess } from '../payload-access.js';
import { BlobFinishedError } from '../store/blob-store.errors.js';
import { BLOB_STORE, type BlobId, type BlobStore } from '../store/blob-store.port.js';
import { secretIdOf } from '../upload-id.js';
import { PayloadWriter, storeProblem, type PayloadTarget } from './body/payload-writer.js';
import { UploadShares, type Announced } from './quota/redis-upload-shares.js';
import { StorageQuota } from './quota/storage-quota.js';
import { decodeUpload, encodeUpload, uploadPurpose, type UploadFacts } from './record/upload-record.js';
import { RedisUploadRecords } from './record/redis-upload-records.js';

/** One payload that is being uploaded. */
export interface Upload extends UploadFacts {
  /** UUID of its future secret. */
  readonly secretId: string;
  readonly secret: SecretIds;
  readonly blobId: BlobId;
  /** 32 bytes */
  readonly dataKey: Buffer;
}

export interface UploadState {
  /** Bytes of the payload that need not be sent again. */
  readonly offset: number;
  /** Bytes of the partial blob; undefined when it is finished. */
  readonly durable: number | undefined;
}

/** Stored uploads: a record that expires, and a partial blob. */
@Injectable()
export class Uploads {
  private readonly logger = new Logger(Uploads.name);
  readonly idleMs: number;
  private readonly lifetimeMs: number;

  constructor(
    private readonly records: RedisUploadRecords,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_GENERATOR) private readonly ids: IdGenerator,
    @Inject(RANDOM_SOURCE) private readonly random: RandomSource,
    @Inject(filesConfig.KEY) config: FilesConfig,
    private readonly envelopes: EnvelopeService,
    private readonly quota: StorageQuota,
    private readonly here: RedisBlobStoreBinding,
    private readonly shares: UploadShares,
  ) {
    this.idleMs = config.uploadIdleSeconds * 1000;
    this.lifetimeMs = config.uploadLifetimeSeconds * 1000;
  }

  /** Expiry of an upload without further progress: ms since the epoch, by the store's clock. */
  keptUntil(createdAt = this.clock.now(), idleMs = this.idleMs): number {
    return Math.min(this.clock.now() + idleMs, createdAt + this.lifetimeMs);
  }

  /**
   * A resumable upload. @returns its id, which only the sender gets
   * @throws ProblemError storage_full, upload_share_full, files_elsewhere
   */
  async begin(announced: Announced): Promise<string> {
    await this.quota.requireRoom(storedLengthOf(announced.bytes)).catch(rethrow);
    const uploadId = this.ids.secretId();
    await this.save(secretIdOf(uploadId), announced.bytes, announced, this.idleMs);
    return uploadId;
  }

  /**
   * An upload that ends with its connection. @param ttlMs after which it expires unless `renew` is called
   * @throws ProblemError upload_share_full, files_elsewhere
   */
  beginOnce(announced: Announced, ttlMs: number): Promise<Upload> {
    return this.save(this.ids.secretId(), 0, announced, ttlMs);
  }

  /** @param uploadId a UUID v4 @throws ProblemError upload_not_found, files_elsewhere; UnknownKeyError, EnvelopeDamagedError */
  async find(uploadId: string): Promise<Upload> {
    // Its bytes are at the replica that keeps the files: on another disk, an offset of 0 would be wrong.
    await this.here.require();
    const secretId = secretIdOf(uploadId);
    const secret = secretIds(secretId);
    const record = await this.records.find(secret.ref);
    const found = record && decodeUpload(record);
    if (!found) throw uploadNotFound();
    const { facts, envelope } = found;
    const dataKey = this.envelopes.open(envelope, { ...secret, purpose: uploadPurpose(facts) });
    return { ...facts, secretId, secret, blobId: blobIdOf(secret), dataKey };
  }

  /** Restarts its time to live, up to UPLOAD_LIFETIME_SECONDS in all. @returns false when it is gone */
  async renew({ secret, share, createdAt }: Upload, ttlMs = this.idleMs): Promise<boolean> {
    const keptMs = this.keptUntil(createdAt, ttlMs) - this.clock.now();
    if (keptMs <= 0) return false;
    const [record] = await Promise.all([
      this.records.find(secret.ref, keptMs),
      this.shares.keep(share, secret.ref, keptMs),
    ]);
    return record !== undefined;
  }

  /** Removes it. The writer must have ended. */
  async drop(upload: Upload): Promise<void> {
    await this.records.drop(upload.secret.ref);
    await this.giveShare(upload);
    await this.blobs.delete(upload.blobId).catch(rethrow);
  }

  /** It no longer counts for its client: it has ended, in a secret or without. */
  async giveShare({ share, secret: { ref } }: Pick<Upload, 'share' | 'secret'>): Promise<void> {
    await this.shares.give(share, ref).catch((error: unknown) => {
      // It expires with the upload.
      this.logger.warn({ ref: ref.toString('hex'), err: error }, 'the share of an upload was not given back');
    });
  }

  /** @throws ProblemError store_unavailable */
  async state({ blobId, length }: Upload): Promise<UploadState> {
    try {
      const durable = await this.blobs.durableLength(blobId);
      return { durable, offset: Math.min(length, wholeChunks(durable) * CHUNK_BYTES) };
    } catch (error) {
      if (error instanceof BlobFinishedError) return { durable: undefined, offset: length };
      throw storeProblem(error);
    }
  }

  /** @param durable as in `state` */
  open({ blobId, secret, dataKey, header }: Upload, durable: number): Promise<PayloadWriter> {
    const target: PayloadTarget = { blobId, access: payloadAccess(secret, dataKey), header, durable };
    return PayloadWriter.open({ blobs: this.blobs, quota: this.quota, random: this.random }, target);
  }

  /**
   * Finishes the blob, also when a crash came between its last byte and its end.
   * @returns the state when bytes are missing @throws ProblemError store_unavailable
   */
  async finish(upload: Upload): Promise<UploadState | undefined> {
    const state = await this.state(upload);
    const { durable, offset } = state;
    if (durable === undefined) return undefined;
    if (offset < upload.length) return state;
    if (durable === storedLengthOf(upload.length)) {
      await this.blobs.append(upload.blobId, durable).then((writer) => writer.finish(), rethrow);
    } else {
      // An empty payload was never sent, so nothing was written.
      await (await this.open(upload, durable)).finish();
    }
    return undefined;
  }

  private async save(
    secretId: string,
    length: number,
    announced: Announced,
    wantedMs: number,
  ): Promise<Upload> {
    await this.here.require();
    const secret = secretIds(secretId);
    const createdAt = this.clock.now();
    const ttlMs = Math.min(wantedMs, this.lifetimeMs);
    const share = await this.shares.take(announced, secret.ref, ttlMs);
    try {
      return await this.saveCounted(secretId, { length, createdAt, share }, ttlMs);
    } catch (error) {
      await this.giveShare({ share, secret });
      throw error;
    }
  }

  private async saveCounted(
    secretId: string,
    counted: Omit<UploadFacts, 'header'>,
    ttlMs: number,
  ): Promise<Upload> {
    const secret = secretIds(secretId);
    const header = chunkHeader(this.random.bytes(CHUNK_SALT_BYTES));
    const facts: UploadFacts = { ...counted, header };
    const dataKey = this.random.bytes(KEY_BYTES);
    const envelope = this.envelopes.seal({ plaintext: dataKey, ...secret, purpose: uploadPurpose(facts) });
    const keyId = this.envelopes.kekIdOf(envelope);
    if (!(await this.records.save(secret.ref, encodeUpload(facts, envelope), ttlMs, keyId)))
      throw keyUnavailable();
    return { ...facts, secretId, secret, blobId: blobIdOf(secret), dataKey };
  }
}

const blobIdOf = ({ ref }: SecretIds): BlobId => ref.toString('hex');

function rethrow(error: unknown): never {
  throw storeProblem(error);
}
