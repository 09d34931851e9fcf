import { Upload } from 'tus-js-client';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';
import { ApiError, mayPass, problemOf } from '../../../lib/api/problem';
import { LARGEST_PIECE_BYTES, type PieceSize } from './piece-size';
import { causeOf, tusHttp, uploadIdOf } from './tus-http';
import type { Payload } from './upload-plan';

export interface TransferEvents {
  /**
   * The upload exists, under this URL; called again with another one when the server has lost the old one.
   */
  onUploadId(uploadId: string): void;
  /** Sent bytes, approximately. */
  onSent(bytes: number): void;
  /** Bytes that the server has confirmed. */
  onArrived(bytes: number): void;
}

/** The payload as the library reads it. Prepares the next piece while one is sent. */
function sourceOf(payload: Payload, pieces: PieceSize) {
  let ahead: { start: number; end: number; part: Promise<Blob> } | undefined;
  const pieceAt = (start: number, bytes: number) => {
    const end = Math.min(payload.size, start + bytes);
    return { start, end, part: payload.slice(start, end) };
  };
  return {
    size: payload.size,
    slice: async (start: number) => {
      const piece = ahead?.start === start ? ahead : pieceAt(start, pieces.current);
      const value = await piece.part;
      ahead = pieceAt(piece.end, pieces.following);
      // Its failure is reported when it is awaited.
      ahead.part.catch(() => undefined);
      return { value, done: piece.end >= payload.size };
    },
    close: () => undefined,
  };
}

/**
 * Sends a payload in growing pieces. When a proxy refuses one for its size, continues with smaller ones.
 * @throws ApiError, or errors of reading the files; the signal's reason when it is cancelled
 */
export async function transfer(
  api: ApiClient,
  payload: Payload,
  uploadId: string | undefined,
  pieces: PieceSize,
  events: TransferEvents,
  signal: AbortSignal,
): Promise<void> {
  let known = uploadId;
  const onUploadId = (id: string) => events.onUploadId((known = id));
  for (;;) {
    try {
      return await attempt(api, payload, known, pieces, { ...events, onUploadId }, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ApiError)) throw error;
      const problem = problemOf(error);
      const tooLarge = problem.code === 'proxy_answer' && problem.status === 413;
      if (tooLarge && pieces.shrink()) continue;
      if (problem.code === 'network' || (problem.code === 'proxy_answer' && mayPass(problem)))
        pieces.fallBack();
      throw error;
    }
  }
}

/**
 * One attempt to send a payload: begins an upload or continues it, at the offset of the server.
 * @throws ApiError, or errors of reading the files; the signal's reason when it is cancelled
 */
function attempt(
  api: ApiClient,
  payload: Payload,
  uploadId: string | undefined,
  pieces: PieceSize,
  events: TransferEvents,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const source = sourceOf(payload, pieces);
    const upload = new Upload(new Blob(), {
      endpoint: urls.uploads(),
      uploadUrl: uploadId === undefined ? null : urls.upload(uploadId),
      // The source decides; it never returns more than this.
      chunkSize: LARGEST_PIECE_BYTES,
      // Retries are ours, because the page shows what it waits for.
      retryDelays: null,
      storeFingerprintForResuming: false,
      fingerprint: async () => '',
      fileReader: { openFile: async () => source },
      httpStack: tusHttp(api),
      onUploadUrlAvailable: () => events.onUploadId(uploadIdOf(upload.url ?? '')),
      onProgress: (sent) => events.onSent(sent),
      onChunkComplete: (_size, arrived) => {
        pieces.grow();
        events.onArrived(arrived);
      },
      onSuccess: () => resolve(),
      onError: (error) => reject(causeOf(error)),
    });
    signal.throwIfAborted();
    signal.addEventListener('abort', () => {
      void upload.abort();
      reject(signal.reason as Error);
    });
    upload.start();
  });
}
