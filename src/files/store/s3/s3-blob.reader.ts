import { Readable } from 'node:stream';
import { BlobNotFoundError, BlobStoreAwayError } from '../blob-store.errors.js';
import type { BlobId } from '../blob-store.port.js';
import type { S3Body } from './s3-blob.bucket.js';
import { S3AnswerError, toStoreError } from './s3-blob.errors.js';

/** Number of reconnects in a row without a received byte. */
const ATTEMPTS = 3;

export interface S3ReaderOptions {
  readonly id: BlobId;
  readonly from: number;
  readonly to: number;
  /** The answer that begins at `from`. */
  readonly first: S3Body;
  /** Requests the rest, of the same version of the object. */
  readonly again: (from: number) => Promise<S3Body>;
  readonly highWaterMark: number;
}

/**
 * The bytes from `from` (inclusive) to `to` (exclusive). Reconnects at the current byte when a connection
 * breaks, or the server closes it on a slow reader; the stream ends without an error only after exactly the
 * requested bytes.
 */
export function s3Reader(options: S3ReaderOptions): Readable {
  let body = options.first;
  let left = false;

  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    let at = options.from;
    for (let failures = 0; at < options.to;) {
      try {
        for await (const piece of body.stream as AsyncIterable<Uint8Array>) {
          at += piece.length;
          failures = 0;
          if (at > options.to) throw new TypeError('the store sent more than was requested');
          yield piece;
        }
        if (at === options.to) return;
        throw new BlobStoreAwayError('the answer was too short');
      } catch (error) {
        if (left || at === options.to) return;
        const reason = reasonOf(error);
        if (!(reason instanceof BlobStoreAwayError) || ++failures > ATTEMPTS) throw reason;
      } finally {
        body.stream.destroy();
      }
      body = await anew(at);
    }
  }

  async function anew(at: number): Promise<S3Body> {
    try {
      const next = await options.again(at);
      if (left) next.stream.destroy();
      return next;
    } catch (error) {
      // Deleted or replaced: the version that was read does not exist any more.
      throw error instanceof S3AnswerError ? new BlobNotFoundError(options.id) : error;
    }
  }

  const pieces = bytes();
  return new Readable({
    highWaterMark: options.highWaterMark,
    read() {
      pieces.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: Error) => this.destroy(error),
      );
    },
    // The generator may wait for a byte that never comes: the connection must be closed.
    destroy(error, done) {
      left = true;
      body.stream.destroy();
      done(error);
    },
  });
}

/** Any failure of an answer's stream is one of the connection, whatever its name; our own errors are not. */
function reasonOf(error: unknown): unknown {
  const reason = toStoreError(error);
  if (reason instanceof BlobStoreAwayError || reason instanceof TypeError || !(reason instanceof Error))
    return reason;
  return new BlobStoreAwayError(reason.message === 'aborted' ? 'ECONNRESET' : reason.name);
}
