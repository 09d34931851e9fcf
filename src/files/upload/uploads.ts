import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../../common/clock.js';
import { ID_GENERATOR, type IdGenerator } from '../../common/id-generator.js';
import { filesConfig, type FilesConfig } from '../../config/app.config.js';
import { KEY_BYTES } from '../../crypto/aead.js';
import {
  CHUNK_BYTES,
  CHUNK_SALT_BYTES,
  chunkHeader,
  storedLengthOf,
  wholeChunks,
} from '../../crypto/chunk-format.js';
import { EnvelopeService } from '../../crypto/envelope.service.js';
import { RANDOM_SOURCE, type RandomSource } from '../../crypto/random-source.port.js';
import { secretAddress, type SecretAddress } from '../../secrets/secret-address.js';
import { keyUnavailable } from '../../secrets/secrets.errors.js';
import { FILES_HERE, type FilesHere } from '../files-here.port.js';
import { uploadNotFound } from '../files.errors.js';
import { payloadAccess } from '../payload-access.js';
import { BlobFinishedError } from '../store/blob-store.errors.js';
import { BLOB_STORE, type BlobId, type BlobStore } from '../store/blob-store.port.js';
import { secretIdOf } from '../upload-id.js';
import { PayloadWriter, storeProblem, type PayloadTarget } from './payload-writer.js';
import { StorageQuota } from './storage-quota.js';
import { decodeUpload, encodeUpload, uploadPurpose, type UploadFacts } from './upload-record.js';
import { UPLOAD_RECORDS, type UploadRecords } from './upload-records.port.js';

/** One payload on its way in. */
export interface Upload extends UploadFacts {
  /** UUID of the secret that it becomes. */
  readonly secretId: string;
  readonly secret: SecretAddress;
  readonly blobId: BlobId;
  /** 32 bytes */
  readonly dataKey: Buffer;
}

export interface UploadState {
  /** Bytes of the payload that need not come again. */
  readonly offset: number;
  /** Bytes of the partial blob; undefined when it is finished. */
  readonly durable: number | undefined;
}

/** Uploads as they are kept: a record that forgets itself, and a partial blob. */
@Injectable()
export class Uploads {
  private readonly idleMs: number;

  constructor(
    @Inject(UPLOAD_RECORDS) private readonly records: UploadRecords,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_GENERATOR) private readonly ids: IdGenerator,
    @Inject(RANDOM_SOURCE) private readonly random: RandomSource,
    @Inject(filesConfig.KEY) config: FilesConfig,
    private readonly envelopes: EnvelopeService,
    private readonly quota: StorageQuota,
    @Inject(FILES_HERE) private readonly here: FilesHere,
  ) {
    this.idleMs = config.uploadIdleSeconds * 1000;
  }

  /** How long an upload without progress is kept, in milliseconds. */
  get keptMs(): number {
    return this.idleMs;
  }

  /** When an upload ends that makes no more progress: ms since the epoch, by the store's clock. */
  get keptUntil(): number {
    return this.clock.now() + this.idleMs;
  }

  /** An upload that can be resumed. @returns its id, which only the sender gets @throws ProblemError storage_full, files_elsewhere */
  async begin(length: number): Promise<string> {
    await this.quota.requireRoom(storedLengthOf(length)).catch(rethrow);
    const uploadId = this.ids.secretId();
    await this.save(secretIdOf(uploadId), length, this.idleMs);
    return uploadId;
  }

  /** An upload that ends with its connection. @param ttlMs after which it is forgotten unless `renew` is called */
  beginOnce(ttlMs: number): Promise<Upload> {
    return this.save(this.ids.secretId(), 0, ttlMs);
  }

  /** @param uploadId a UUID v4 @throws ProblemError upload_not_found, files_elsewhere; UnknownKeyError, EnvelopeDamagedError */
  async find(uploadId: string): Promise<Upload> {
    // Its bytes lie at the copy that keeps the files: on another disk, "nothing has arrived" would be untrue.
    await this.here.require();
    const secretId = secretIdOf(uploadId);
    const secret = secretAddress(secretId);
    const record = await this.records.find(secret.ref);
    const found = record && decodeUpload(record);
    if (!found) throw uploadNotFound();
    const { facts, envelope } = found;
    const dataKey = this.envelopes.open(envelope, { ...secret, purpose: uploadPurpose(facts) });
    return { ...facts, secretId, secret, blobId: blobIdOf(secret), dataKey };
  }

  /** Lets its time begin anew. @returns false when it is gone */
  async renew({ secret }: Upload, ttlMs = this.idleMs): Promise<boolean> {
    return (await this.records.find(secret.ref, ttlMs)) !== undefined;
  }

  /** Leaves nothing of it. The writer must have ended. */
  async drop({ secret, blobId }: Upload): Promise<void> {
    await this.records.drop(secret.ref);
    await this.blobs.delete(blobId).catch(rethrow);
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

  /** @param durable as `state` says it */
  open({ blobId, secret, dataKey, header }: Upload, durable: number): Promise<PayloadWriter> {
    const target: PayloadTarget = { blobId, access: payloadAccess(secret, dataKey), header, durable };
    return PayloadWriter.open({ blobs: this.blobs, quota: this.quota, random: this.random }, target);
  }

  /**
   * The blob is whole and finished after this, also when a crash came between its last byte and its end.
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
      // Nothing was sent for an empty payload, and so nothing written.
      await (await this.open(upload, durable)).finish();
    }
    return undefined;
  }

  private async save(secretId: string, length: number, ttlMs: number): Promise<Upload> {
    await this.here.require();
    const secret = secretAddress(secretId);
    const header = chunkHeader(this.random.bytes(CHUNK_SALT_BYTES));
    const facts: UploadFacts = { length, createdAt: this.clock.now(), header };
    const dataKey = this.random.bytes(KEY_BYTES);
    const envelope = this.envelopes.seal({ plaintext: dataKey, ...secret, purpose: uploadPurpose(facts) });
    const keyId = this.envelopes.kekIdOf(envelope);
    if (!(await this.records.save(secret.ref, encodeUpload(facts, envelope), ttlMs, keyId)))
      throw keyUnavailable();
    return { ...facts, secretId, secret, blobId: blobIdOf(secret), dataKey };
  }
}

const blobIdOf = ({ ref }: SecretAddress): BlobId => ref.toString('hex');

function rethrow(error: unknown): never {
  throw storeProblem(error);
}
