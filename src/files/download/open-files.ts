import { Readable } from 'node:stream';

import { Inject, Injectable, Logger } from '@nestjs/common';

import { storeUnavailable } from '../../common/store.errors.js';
import { filesConfig, type FilesConfig } from '../../config/app.config.js';
import { ChunkDecryptor } from '../../crypto/chunk-decryptor.js';
import { CHUNK_BYTES, storedLengthOf } from '../../crypto/chunk-format.js';
import { EnvelopeDamagedError, UnsupportedEnvelopeError } from '../../crypto/crypto.errors.js';
import { decodeFileContents } from '../../secrets/file-contents.js';
import { hashClaim, OpenView } from '../../secrets/open-view.js';
import { RefusalReport } from '../../secrets/refusal-report.js';
import type { SecretAddress } from '../../secrets/secret-address.js';
import { SECRET_STORE, type SecretStore } from '../../secrets/secret-store.port.js';
import { rangeNotSatisfiable } from '../files.errors.js';
import { payloadAccess } from '../payload-access.js';
import { BlobNotFoundError, BlobStoreAwayError } from '../store/blob-store.errors.js';
import { BLOB_STORE, type BlobStore } from '../store/blob-store.port.js';
import { BlobSource } from './blob-source.js';
import { requestedRange, type ByteRange, type RangeHeaders } from './byte-range.js';
import { DownloadLease, LeaseEndedError } from './download-lease.js';
import { LookAtFiles } from './look-at-files.js';
import type { OfferedByHeaders } from './opening-headers.js';
import { parcelOf, type FilesOfSecret, type Parcel } from './parcel.js';

/** What is asked for. */
export interface FilesRequest extends RangeHeaders {
  readonly secret: SecretAddress;
  /** As it stands in the address; undefined for everything. */
  readonly index: string | undefined;
  readonly offered: OfferedByHeaders;
}

/** An answer that is ready to be sent. */
export interface Download {
  readonly parcel: Parcel;
  readonly etag: string;
  /** The part that `body` is, if it is not all. */
  readonly range: ByteRange | undefined;
  /** Decrypts as it is read. It fails, and never just ends, when it cannot give everything. Read or destroy it. */
  readonly body: Readable;
}

/** Names the bytes of one address: a payload never changes, so its secret and position are enough. */
export function etagOf(ref: Buffer, index: number | undefined): string {
  return `"${ref.toString('hex')}${index === undefined ? '' : `-${index}`}"`;
}

interface Opened {
  readonly parcel: Parcel;
  readonly payload: ChunkDecryptor;
  readonly source: BlobSource;
  readonly leaseEnd: number;
}

function isDamage(error: unknown): boolean {
  return error instanceof EnvelopeDamagedError || error instanceof UnsupportedEnvelopeError;
}

/** Hands files over: takes the view, or the claim's again, and streams what its blob holds. */
@Injectable()
export class OpenFiles {
  private readonly logger = new Logger(OpenFiles.name);
  private readonly leaseMs: number;

  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(filesConfig.KEY) config: FilesConfig,
    private readonly looking: LookAtFiles,
    private readonly views: OpenView,
    private readonly report: RefusalReport,
  ) {
    this.leaseMs = config.leaseSeconds * 1_000;
  }

  /**
   * @throws ProblemError claim_required and every refusal of a view, none of which spends it; range_not_satisfiable,
   * and record_damaged for a blob of the right length, which leave it to the claim
   */
  async execute(request: FilesRequest, origin: string): Promise<Download> {
    const { secret, offered } = request;
    const { facts, index } = await this.looking.execute(secret, request.index);
    const { claim } = offered;
    if (claim === undefined) throw this.report.problem({ kind: 'claim-required' });
    await this.requireBlob(secret, request.index, facts);
    const opened = await this.open(request, facts, index, origin);
    const { parcel } = opened;
    const etag = etagOf(secret.ref, index);
    const range = parcel.divisible ? requestedRange(request, etag, parcel.length) : undefined;
    if (range === 'unsatisfiable') throw rangeNotSatisfiable(parcel.length);
    const body = await this.stream(opened, range ?? { from: 0, to: parcel.length }, secret.ref, claim);
    return { parcel, etag, range, body };
  }

  /** Before the view is taken: what is not there whole must not spend it. */
  private async requireBlob(
    secret: SecretAddress,
    index: string | undefined,
    { files }: FilesOfSecret,
  ): Promise<void> {
    const { ref } = secret;
    let size: number | undefined;
    try {
      size = await this.blobs.size(ref.toString('hex'));
    } catch (error) {
      if (!(error instanceof BlobNotFoundError)) throw this.told(error, ref);
      // It may have ended just now, and its blob with it.
      await this.looking.execute(secret, index);
    }
    if (size !== storedLengthOf(files.payloadBytes)) throw this.damaged(ref);
  }

  private async open(
    { secret, offered }: FilesRequest,
    facts: FilesOfSecret,
    index: number | undefined,
    origin: string,
  ): Promise<Opened> {
    const { ref } = secret;
    const { content, leaseEnd = 0 } = await this.views.execute(secret, { ...offered, quiet: true }, origin);
    const source = new BlobSource(this.blobs, ref.toString('hex'), storedLengthOf(facts.files.payloadBytes));
    return this.guarded(source, ref, async () => {
      const { dataKey, manifest } = decodeFileContents(content);
      const payload = await ChunkDecryptor.open(source, payloadAccess(secret, dataKey));
      return { parcel: parcelOf(facts, manifest, ref, index), payload, source, leaseEnd };
    });
  }

  /** Opens the first piece, so that a blob that is damaged there is an error with a status of its own. */
  private async stream(
    { parcel, payload, source, leaseEnd }: Opened,
    range: ByteRange,
    ref: Buffer,
    claim: string,
  ): Promise<Readable> {
    const pieces = parcel.read(payload, range);
    const first = await this.guarded(source, ref, () => pieces.next());
    const claimHash = hashClaim(claim);
    const lease = new DownloadLease({
      leaseMs: this.leaseMs,
      endsAt: leaseEnd,
      renew: () => this.store.renew(ref, claimHash),
      onEnd: (reason) => body.destroy(reason),
      onTrouble: (error) =>
        this.logger.warn({ ref: ref.toString('hex'), err: error }, 'a lease was not renewed'),
    });
    const body = Readable.from(
      taken(first, pieces, () => lease.progressed()),
      {
        objectMode: false,
        highWaterMark: CHUNK_BYTES,
      },
    );
    body.once('error', (error) => this.note(error, ref));
    body.once('close', () => {
      lease.stop();
      source.close();
    });
    return body;
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

  /** @returns what a client is told of a failure, before the answer has begun */
  private told(error: unknown, ref: Buffer): unknown {
    if (isDamage(error)) return this.damaged(ref);
    return error instanceof BlobStoreAwayError ? storeUnavailable() : error;
  }

  private damaged(ref: Buffer): Error {
    this.logger.error({ ref: ref.toString('hex') }, 'stored files are damaged or missing');
    return this.report.problem({ kind: 'damaged' });
  }

  /** The answer has begun: its client sees the connection break. */
  private note(error: unknown, ref: Buffer): void {
    if (isDamage(error)) this.damaged(ref);
    else if (error instanceof LeaseEndedError)
      this.logger.log({ ref: ref.toString('hex') }, 'a download outlived its lease');
    else this.logger.warn({ ref: ref.toString('hex'), err: error }, 'a download broke off');
  }
}

/** @param onTaken called when the reader comes back for more */
async function* taken(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
  onTaken: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (let next = first; !next.done; next = await rest.next()) {
      yield next.value;
      onTaken();
    }
  } finally {
    await rest.return();
  }
}
