import type { IncomingMessage } from 'node:http';

import { Injectable, Logger } from '@nestjs/common';

import { badRequest, payloadTooLarge } from '../../../platform/http/problem/common.errors.js';
import { ProblemError } from '../../../platform/http/problem/problem.js';
import { CHUNK_BYTES } from '../../../crypto/chunks/chunk-format.js';
import { uploadConflict, uploadNotFound } from '../../files.errors.js';
import type { PayloadWriter } from '../body/payload-writer.js';
import { bodyOf, cutOff, giveWay } from '../body/request-body.js';
import { UploadHeartbeat } from '../lock/upload-heartbeat.js';
import { UploadMutex } from '../lock/upload-mutex.js';
import { Uploads, type Upload } from '../uploads.js';

export interface Received {
  /** Durable bytes of the payload. */
  readonly offset: number;
  /** Expiry of the upload, in milliseconds since the epoch. */
  readonly createdAt: number;
}

const received = ({ createdAt }: Upload, offset: number): Received => ({ offset, createdAt });

/** It does not fit, or it is gone: nothing of it may stay. */
function isOver(error: unknown): boolean {
  return error instanceof ProblemError && ['storage_full', 'upload_not_found'].includes(error.kind.code);
}

/** Adds the body of one request to an upload, as far as it arrives. */
@Injectable()
export class ReceivePiece {
  private readonly logger = new Logger(ReceivePiece.name);

  constructor(
    private readonly uploads: Uploads,
    private readonly turns: UploadMutex,
  ) {}

  /**
   * @param offset where the client continues @param body a request whose body is the bytes from there
   * @returns the offset afterwards
   * @throws ProblemError upload_not_found, upload_conflict, upload_locked, payload_too_large, storage_full,
   * store_unavailable, bad_request for less than a chunk and for a connection that ended
   */
  execute(uploadId: string, offset: number, body: IncomingMessage): Promise<Received> {
    return this.turns.run(
      uploadId,
      () => giveWay(body),
      async () => {
        const upload = await this.uploads.find(uploadId);
        const state = await this.uploads.state(upload);
        if (offset !== state.offset) throw uploadConflict(state.offset);
        const declared = Number(body.headers['content-length'] ?? 0);
        if (offset + declared > upload.length) throw payloadTooLarge('body', upload.length - offset);
        if (offset < upload.length && state.durable !== undefined) {
          return received(upload, await this.receive(upload, state.durable, body));
        }
        await this.uploads.finish(upload);
        return received(upload, upload.length);
      },
    );
  }

  private async receive(upload: Upload, durable: number, body: IncomingMessage): Promise<number> {
    const writer = await this.uploads.open(upload, durable);
    const begun = writer.offset;
    let offset: number;
    const keeper = new UploadHeartbeat(this.uploads, upload);
    try {
      for await (const bytes of bodyOf(body)) {
        if (keeper.lost) throw uploadNotFound();
        if (writer.offset + bytes.length > upload.length)
          throw payloadTooLarge('body', upload.length - begun);
        await writer.write(bytes);
      }
      offset = await this.keep(upload, writer);
    } catch (error) {
      await this.rescue(upload, writer, error);
      // A request that broke off has no other error.
      throw body.destroyed && !(error instanceof ProblemError) ? cutOff() : error;
    } finally {
      keeper.stop();
    }
    if (offset === begun) {
      throw badRequest(`Send at least ${CHUNK_BYTES} bytes, or all that is left: less is not kept.`);
    }
    return offset;
  }

  private async keep(upload: Upload, writer: PayloadWriter): Promise<number> {
    if (writer.broken || writer.offset < upload.length) return writer.suspend();
    await writer.finish();
    return upload.length;
  }

  /** Whatever ended the request, its whole chunks stay; unless the storage is full, or the upload is gone. */
  private async rescue(upload: Upload, writer: PayloadWriter, reason: unknown): Promise<void> {
    try {
      if (isOver(reason)) {
        await writer.abort();
        await this.uploads.drop(upload);
      } else {
        await this.keep(upload, writer);
      }
    } catch (error) {
      // The store failed, perhaps a second time: a client that resumes is told what it has kept.
      this.logger.warn(
        { ref: upload.blobId, err: error },
        'an interrupted upload could not be kept as it was',
      );
    }
  }
}
