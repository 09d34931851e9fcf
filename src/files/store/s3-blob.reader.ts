import { Readable } from 'node:stream';
import { BlobNotFoundError, BlobStoreAwayError } from './blob-store.errors.js';
import type { BlobId } from './blob-store.port.js';
import type { S3Body } from './s3-blob.bucket.js';
import { S3AnswerError, toStoreError } from './s3-blob.errors.js';

/** How often in a row a broken connection is made again without a byte having come. */
const ATTEMPTS = 3;

export interface S3ReaderOptions {
  readonly id: BlobId;
  readonly from: number;
  readonly to: number;
  /** The answer that begins at `from`. */
  readonly first: S3Body;
  /** Asks again, for the same version of the object. */
  readonly again: (from: number) => Promise<S3Body>;
  readonly highWaterMark: number;
}

/**
 * The bytes `from` up to but without `to`. A connection that breaks, or that the server closes on a slow reader, is made
 * again at the byte where it ended; the stream ends well only after exactly the bytes that were asked for.
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
          if (at > options.to) throw new TypeError('the store sent more than was asked for');
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
      // Gone, or made anew: what was being read is not there any more.
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
    // The generator may be waiting for a byte that never comes: the connection has to go.
    destroy(error, done) {
      left = true;
      body.stream.destroy();
      done(error);
    },
  });
}

/** What broke the stream of an answer is the connection, whatever it calls itself; our own errors are not. */
function reasonOf(error: unknown): unknown {
  const reason = toStoreError(error);
  if (reason instanceof BlobStoreAwayError || reason instanceof TypeError || !(reason instanceof Error))
    return reason;
  return new BlobStoreAwayError(reason.message === 'aborted' ? 'ECONNRESET' : reason.name);
}
