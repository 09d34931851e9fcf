import { Upload } from 'tus-js-client';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';
import { causeOf, tusHttp, uploadIdOf } from './tus-http';
import type { Payload } from './upload-plan';

/** Bytes of one request: 128 of the server's chunks, so that a whole request never ends inside one. */
export const PART_BYTES = 8_388_608;

export interface TransferEvents {
  /** The upload exists, under this name; again with another one when the server knows the old one no more. */
  onUploadId(uploadId: string): void;
  /** Bytes that have left, about. */
  onSent(bytes: number): void;
  /** Bytes that the server has, for sure. */
  onArrived(bytes: number): void;
}

/** The payload as the library reads it. The next part is made ready while one is on its way. */
function sourceOf(payload: Payload) {
  let ahead: { start: number; part: Promise<Blob> } | undefined;
  return {
    size: payload.size,
    slice: async (start: number, end: number) => {
      const value = await (ahead?.start === start ? ahead.part : payload.slice(start, end));
      const part = payload.slice(end, Math.min(payload.size, end + PART_BYTES));
      // What goes wrong with it is told when its turn has come.
      part.catch(() => undefined);
      ahead = { start: end, part };
      return { value, done: end >= payload.size };
    },
    close: () => undefined,
  };
}

/**
 * One attempt to bring a payload over: begins an upload or goes on with it, at the place that the server names.
 * @throws ApiError, or what reading the files threw; the signal's reason when it is given up
 */
export function transfer(
  api: ApiClient,
  payload: Payload,
  uploadId: string | undefined,
  events: TransferEvents,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const source = sourceOf(payload);
    const upload = new Upload(new Blob(), {
      endpoint: urls.uploads(),
      uploadUrl: uploadId === undefined ? null : urls.upload(uploadId),
      chunkSize: PART_BYTES,
      // Waiting and trying again is ours, because the page says what it waits for.
      retryDelays: null,
      storeFingerprintForResuming: false,
      fingerprint: async () => '',
      fileReader: { openFile: async () => source },
      httpStack: tusHttp(api),
      onUploadUrlAvailable: () => events.onUploadId(uploadIdOf(upload.url ?? '')),
      onProgress: (sent) => events.onSent(sent),
      onChunkComplete: (_size, arrived) => events.onArrived(arrived),
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
