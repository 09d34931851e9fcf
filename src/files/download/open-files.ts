import { Inject, Injectable, Logger } from '@nestjs/common';

import { storeUnavailable } from '../../platform/http/problem/store.errors.js';
import { filesConfig, type FilesConfig } from '../../platform/config/sections/app.config.js';
import { ChunkDecryptor } from '../../crypto/chunks/chunk-decryptor.js';
import { storedLengthOf } from '../../crypto/chunks/chunk-format.js';
import { EnvelopeDamagedError, UnsupportedEnvelopeError } from '../../crypto/crypto.errors.js';
import { decodeFileContents } from '../../secrets/claim/file-contents.js';
import { hashClaim, ConsumeView } from '../../secrets/claim/consume-view.js';
import { RefusalMapper } from '../../secrets/record/refusal-mapper.js';
import type { SecretIds } from '../../secrets/record/secret-ids.js';
import { RedisSecretStore } from '../../secrets/record/redis-secret.store.js';
import type { RequestContext } from '../../secrets/request-context.js';
import { RedisBlobStoreBinding } from '../store/binding/redis-blob-store-binding.js';
import { rangeNotSatisfiable } from '../files.errors.js';
import { payloadAccess } from '../payload-access.js';
import { BlobNotFoundError, BlobStoreAwayError } from '../store/blob-store.errors.js';
import { BLOB_STORE, type BlobStore } from '../store/blob-store.port.js';
import { BlobSource } from './stream/blob-source.js';
import { requestedRange, type ByteRange, type RangeHeaders } from './stream/byte-range.js';
import { DownloadStream } from './stream/download-stream.js';
import { LeaseEndedError } from './download-lease.js';
import { ReadFilesStatus } from './read-files-status.js';
import type { OfferedByHeaders } from './opening-headers.js';
import { downloadContentOf, type FilesOfSecret, type DownloadContent } from './download-content.js';

/** The request. */
export interface FilesRequest extends RangeHeaders {
  readonly secret: SecretIds;
  /** As in the URL; undefined for everything. */
  readonly index: string | undefined;
  readonly offered: OfferedByHeaders;
}

/** An answer ready to be sent. */
export interface Download {
  readonly content: DownloadContent;
  readonly etag: string;
  /** The part that `body` is, if it is not all. */
  readonly range: ByteRange | undefined;
  /** Decrypts while it is sent. Until then it holds memory and a lease: send it. */
  readonly body: DownloadStream;
}

/** Strong ETag of the bytes of one URL: a payload never changes, so its secret and position are enough. */
export function etagOf(ref: Buffer, index: number | undefined): string {
  return `"${hex(ref)}${index === undefined ? '' : `-${index}`}"`;
}

interface Opened {
  readonly content: DownloadContent;
  readonly payload: ChunkDecryptor;
  readonly source: BlobSource;
  readonly leaseEnd: number;
}

const hex = (ref: Buffer): string => ref.toString('hex');

function isDamage(error: unknown): boolean {
  return error instanceof EnvelopeDamagedError || error instanceof UnsupportedEnvelopeError;
}

/** Hands files over: takes the view, or the claim's again, and streams the content of its blob. */
@Injectable()
export class OpenFiles {
  private readonly logger = new Logger(OpenFiles.name);
  private readonly leaseMs: number;

  constructor(
    private readonly store: RedisSecretStore,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly here: RedisBlobStoreBinding,
    @Inject(filesConfig.KEY) config: FilesConfig,
    private readonly filesStatus: ReadFilesStatus,
    private readonly views: ConsumeView,
    private readonly report: RefusalMapper,
  ) {
    this.leaseMs = config.leaseSeconds * 1_000;
  }

  /**
   * @throws ProblemError files_elsewhere and every refusal of a view, none of which spends
   * it; range_not_satisfiable, and record_damaged for a blob of the right length, which leave it to the claim
   */
  async execute(request: FilesRequest, context: RequestContext): Promise<Download> {
    const { secret, offered } = request;
    const { facts, index } = await this.filesStatus.execute(secret, request.index, context);
    await this.requireBlob(secret, request.index, facts, context);
    const opened = await this.open(request, facts, index, context);
    const { content } = opened;
    const etag = etagOf(secret.ref, index);
    const range = content.divisible ? requestedRange(request, etag, content.length) : undefined;
    if (range === 'unsatisfiable') throw rangeNotSatisfiable(content.length);
    const body = await this.begin(
      opened,
      range ?? { from: 0, to: content.length },
      secret.ref,
      offered.claim,
    );
    return { content, etag, range, body };
  }

  /** Before the view is taken: an incomplete blob must not spend it. */
  private async requireBlob(
    secret: SecretIds,
    index: string | undefined,
    { files }: FilesOfSecret,
    context: RequestContext,
  ): Promise<void> {
    const { ref } = secret;
    // A disk that never had the file must not be reported as damage.
    await this.here.require();
    let size: number | undefined;
    try {
      size = await this.blobs.size(hex(ref));
    } catch (error) {
      if (!(error instanceof BlobNotFoundError)) throw this.told(error, ref);
      // The secret may have ended just now, and its blob with it.
      await this.filesStatus.execute(secret, index, context);
    }
    if (size !== storedLengthOf(files.payloadBytes)) throw this.damaged(ref);
  }

  private async open(
    { secret, offered }: FilesRequest,
    facts: FilesOfSecret,
    index: number | undefined,
    context: RequestContext,
  ): Promise<Opened> {
    const { ref } = secret;
    const { content, leaseEnd = 0 } = await this.views.execute(secret, { ...offered, quiet: true }, context);
    const source = new BlobSource(this.blobs, hex(ref), storedLengthOf(facts.files.payloadBytes));
    return this.guarded(source, ref, async () => {
      const { dataKey, manifest } = decodeFileContents(content);
      const payload = await ChunkDecryptor.open(source, payloadAccess(secret, dataKey));
      return { content: downloadContentOf(facts, manifest, ref, index), payload, source, leaseEnd };
    });
  }

  /** Opens the first piece, so that damage in it is still answered with a status. */
  private async begin(
    { content, payload, source, leaseEnd }: Opened,
    range: ByteRange,
    ref: Buffer,
    claim: string,
  ): Promise<DownloadStream> {
    const pieces = content.read(payload, range);
    const first = await this.guarded(source, ref, () => pieces.next());
    const claimHash = hashClaim(claim);
    return new DownloadStream(first, pieces, source, {
      leaseMs: this.leaseMs,
      endsAt: leaseEnd,
      renew: async () => {
        const renewed = await this.store.renew(ref, claimHash);
        return renewed.kind === 'ok' ? renewed.leaseEnd : undefined;
      },
      onTrouble: (error) => this.logger.warn({ ref: hex(ref), err: error }, 'a lease was not renewed'),
    });
  }

  /** Closes the source when `work` fails. */
  private async guarded<T>(source: BlobSource, ref: Buffer, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      source.close();
      throw this.told(error, ref);
    }
  }

  /** @returns the problem to answer for a failure before the answer has begun */
  private told(error: unknown, ref: Buffer): unknown {
    if (isDamage(error)) return this.damaged(ref);
    return error instanceof BlobStoreAwayError ? storeUnavailable() : error;
  }

  private damaged(ref: Buffer): Error {
    this.logger.error({ ref: hex(ref) }, 'stored files are damaged or missing');
    return this.report.problem({ kind: 'damaged' });
  }

  /** Logs why an answer broke off after it had begun, which its client sees by the connection only. */
  note(error: unknown, ref: Buffer): void {
    if (isDamage(error)) this.damaged(ref);
    else if (error instanceof LeaseEndedError)
      this.logger.log({ ref: hex(ref) }, 'a download outlived its lease');
    else this.logger.warn({ ref: hex(ref), err: error }, 'a download broke off');
  }
}
