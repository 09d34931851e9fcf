import { BlobStoreAwayError, BlobStoreFullError, BlobStoreRefusedError } from '../blob-store.errors.js';

/** Error codes of S3 and compatible servers (MinIO, Ceph, Versity and others) for a full bucket. */
const FULL: ReadonlySet<string> = new Set([
  'QuotaExceeded',
  'BucketQuotaExceeded',
  'XMinioAdminBucketQuotaExceeded',
  'XMinioStorageFull',
  'StorageFull',
  'InsufficientStorage',
  'EntityTooLarge',
]);
/**
 * The last one is the SDK's code for an answer without a body; 404 with another code (an unknown access key)
 * is not among them.
 */
const MISSING: ReadonlySet<string> = new Set(['NoSuchKey', 'NoSuchUpload', 'NotFound', 'UnknownError']);

/** Answers that the caller handles. */
export class S3AnswerError extends Error {
  constructor(readonly answer: 'missing' | 'no-such-range' | 'changed') {
    super(`S3 answers: ${answer}`);
    this.name = 'S3AnswerError';
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof S3AnswerError && error.answer === 'missing';

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Attempts at all IP addresses of a host fail as one error.
  return 'errors' in error && Array.isArray(error.errors) && error.errors[0] instanceof Error
    ? codeOf(error.errors[0])
    : undefined;
}

function statusOf(error: Error): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

/**
 * Translates an error of the SDK, after its retries. The SDK's errors carry the request with bucket and key,
 * so none is passed on.
 * @returns BlobStoreFullError, S3AnswerError, BlobStoreRefusedError, BlobStoreAwayError, or an error of ours
 * as it is
 */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const status = statusOf(error);
  const code = codeOf(error);
  if (FULL.has(error.name) || status === 507) return new BlobStoreFullError();
  if (status === undefined) {
    if (code !== undefined || error.name === 'TimeoutError')
      return new BlobStoreAwayError(code ?? error.name);
    return error.name.startsWith('Credentials') ? new BlobStoreRefusedError(error.name) : error;
  }
  if (MISSING.has(error.name) && status === 404) return new S3AnswerError('missing');
  if (status === 416) return new S3AnswerError('no-such-range');
  if (status === 412) return new S3AnswerError('changed');
  if (status >= 500 || status === 429 || status === 408) return new BlobStoreAwayError(error.name);
  return status >= 300 ? new BlobStoreRefusedError(error.name) : new BlobStoreAwayError(code ?? error.name);
}
