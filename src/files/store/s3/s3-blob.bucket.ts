import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { BlobStoreRefusedError } from '../blob-store.errors.js';
import { isMissing, toStoreError } from './s3-blob.errors.js';

export interface S3Object {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: number;
}

export interface S3Upload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch. */
  readonly initiatedAt: number;
}

export interface S3Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
}

export interface S3Body {
  readonly stream: Readable;
  /** Of the whole object. */
  readonly size: number;
  readonly etag: string | undefined;
}

const CONTENT_RANGE = /^bytes (\d+)-\d+\/(\d+)$/;

/**
 * The calls that the store makes to one bucket: its policy must allow all of them. Errors are those of
 * toStoreError.
 */
export class S3Bucket {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {}

  /** The names that begin with `prefix`, in the order of their bytes. */
  async *objects(prefix: string, pageSize?: number): AsyncGenerator<S3Object, void, undefined> {
    for (let token: string | undefined; ;) {
      const page = await this.ask(
        this.client.send(
          new ListObjectsV2Command({
            ...this.at,
            Prefix: prefix,
            ...(token ? { ContinuationToken: token } : {}),
            ...(pageSize ? { MaxKeys: pageSize } : {}),
          }),
        ),
      );
      for (const { Key: key, Size: size = 0, LastModified: at } of page.Contents ?? []) {
        if (key !== undefined) yield { key, size, modifiedAt: at?.getTime() ?? 0 };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
      if (token === undefined) return;
    }
  }

  /**
   * Uploads in progress of names with the prefix. Some servers (MinIO) list them by the whole name only.
   * Pages continue by name, because not all servers can continue by an upload's id: when a page of a thousand
   * ends between several uploads of one name, the rest of them is missing.
   */
  async *uploads(prefix: string, pageSize?: number): AsyncGenerator<S3Upload, void, undefined> {
    for (let marker: string | undefined; ;) {
      const page = await this.ask(
        this.client.send(
          new ListMultipartUploadsCommand({
            ...this.at,
            Prefix: prefix,
            ...(marker ? { KeyMarker: marker } : {}),
            ...(pageSize ? { MaxUploads: pageSize } : {}),
          }),
        ),
      );
      for (const { Key: key, UploadId: uploadId, Initiated: at } of page.Uploads ?? []) {
        if (key !== undefined && uploadId !== undefined)
          yield { key, uploadId, initiatedAt: at?.getTime() ?? 0 };
      }
      marker = page.IsTruncated ? page.NextKeyMarker : undefined;
      if (!marker) return;
    }
  }

  /** @returns the parts by their numbers; undefined when the upload does not exist */
  async parts({ key, uploadId }: S3Upload, pageSize?: number): Promise<S3Part[] | undefined> {
    const parts: S3Part[] = [];
    for (let marker: string | undefined; ;) {
      const asked = this.ask(
        this.client.send(
          new ListPartsCommand({
            ...this.at,
            Key: key,
            UploadId: uploadId,
            ...(marker ? { PartNumberMarker: marker } : {}),
            ...(pageSize ? { MaxParts: pageSize } : {}),
          }),
        ),
      );
      const page = await unlessMissing(asked);
      if (!page) return undefined;
      for (const { PartNumber: number, ETag: etag, Size: size } of page.Parts ?? []) {
        if (number !== undefined && etag !== undefined && size !== undefined)
          parts.push({ number, etag, size });
      }
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      if (!marker) return parts.sort((a, b) => a.number - b.number);
    }
  }

  async createUpload(key: string): Promise<string> {
    const { UploadId: uploadId } = await this.ask(
      this.client.send(new CreateMultipartUploadCommand({ ...this.at, Key: key })),
    );
    if (uploadId === undefined) throw new TypeError('the store returned no upload id');
    return uploadId;
  }

  async uploadPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<S3Part> {
    const { ETag: etag } = await this.ask(
      this.client.send(
        new UploadPartCommand({
          ...this.at,
          Key: key,
          UploadId: uploadId,
          PartNumber: number,
          Body: bytes,
          ContentLength: bytes.length,
        }),
      ),
    );
    if (etag === undefined) throw new TypeError('the store returned no ETag of a part');
    return { number, etag, size: bytes.length };
  }

  async completeUpload(key: string, uploadId: string, parts: readonly S3Part[]): Promise<void> {
    const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
    await this.ask(
      this.client.send(
        new CompleteMultipartUploadCommand({
          ...this.at,
          Key: key,
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      ),
    );
  }

  /** Does nothing when it does not exist. */
  async abortUpload(key: string, uploadId: string): Promise<void> {
    await unlessMissing(
      this.ask(
        this.client.send(new AbortMultipartUploadCommand({ ...this.at, Key: key, UploadId: uploadId })),
      ),
    );
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.ask(
      this.client.send(
        new PutObjectCommand({ ...this.at, Key: key, Body: bytes, ContentLength: bytes.length }),
      ),
    );
  }

  /** @returns bytes of the object; undefined when it does not exist */
  async size(key: string): Promise<number | undefined> {
    const head = await unlessMissing(
      this.ask(this.client.send(new HeadObjectCommand({ ...this.at, Key: key }))),
    );
    return head?.ContentLength;
  }

  /**
   * @param to exclusive, above `from`; the end by default
   * @param etag only this version of the object
   * @throws S3AnswerError
   */
  async get(key: string, from: number, to?: number, etag?: string): Promise<S3Body> {
    const range = `bytes=${from}-${to === undefined ? '' : to - 1}`;
    const got = await this.ask(
      this.client.send(
        new GetObjectCommand({ ...this.at, Key: key, Range: range, ...(etag ? { IfMatch: etag } : {}) }),
      ),
    );
    if (!(got.Body instanceof Readable)) throw new TypeError('the store returned no stream');
    // A connection that breaks before the first read must not end the process: the reader gets the error all
    // the same.
    got.Body.on('error', () => undefined);
    const [, begin, size] = CONTENT_RANGE.exec(got.ContentRange ?? '') ?? [];
    // A server may answer with the whole object instead, without the header Content-Range.
    if (Number(begin ?? 0) !== from) {
      got.Body.destroy();
      throw new BlobStoreRefusedError('another range was sent');
    }
    return { stream: got.Body, size: Number(size ?? got.ContentLength), etag: got.ETag };
  }

  /** Does nothing when it does not exist. */
  async delete(key: string): Promise<void> {
    await unlessMissing(this.ask(this.client.send(new DeleteObjectCommand({ ...this.at, Key: key }))));
  }

  close(): void {
    this.client.destroy();
  }

  private get at(): { Bucket: string } {
    return { Bucket: this.bucket };
  }

  private async ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw toStoreError(error);
    }
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
