import { BlobStoreAwayError, BlobStoreFullError, BlobStoreRefusedError } from '../blob-store.errors.js';
import { S3AnswerError, toStoreError } from './s3-blob.errors.js';

/** As the SDK throws them: with the status of the answer, or without one when there was no answer. */
const answered = (name: string, status: number) =>
  Object.assign(new Error(`secret-bucket/key`), { name, $metadata: { httpStatusCode: status } });
const unanswered = (code: string) =>
  Object.assign(new Error('10.0.0.1'), { code, $metadata: { attempts: 4 } });

describe('an error of S3', () => {
  it.each([
    ['QuotaExceeded', 403],
    ['XMinioStorageFull', 507],
    ['InsufficientStorage', 507],
    ['EntityTooLarge', 400],
    ['SomethingNew', 507],
  ])('is a full store: %s %i', (name, status) => {
    expect(toStoreError(answered(name, status))).toBeInstanceOf(BlobStoreFullError);
  });

  it.each([
    ['NoSuchKey', 404, 'missing'],
    ['NoSuchUpload', 404, 'missing'],
    ['NotFound', 404, 'missing'],
    ['InvalidRange', 416, 'no-such-range'],
    ['PreconditionFailed', 412, 'changed'],
  ])('is an answer: %s %i', (name, status, answer) => {
    expect(toStoreError(answered(name, status))).toMatchObject({ constructor: S3AnswerError, answer });
  });

  it.each([
    ['SlowDown', 503],
    ['InternalError', 500],
    ['TooManyRequests', 429],
  ])('is an unavailable store: %s %i', (name, status) => {
    const error = toStoreError(answered(name, status));
    expect(error).toMatchObject({ constructor: BlobStoreAwayError, reason: name });
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED'])(
    'is an unavailable store: %s',
    (reason) => {
      expect(toStoreError(unanswered(reason))).toMatchObject({ constructor: BlobStoreAwayError, reason });
      const both = Object.assign(new AggregateError([unanswered(reason), unanswered(reason)]), {
        $metadata: {},
      });
      expect(toStoreError(both)).toMatchObject({ constructor: BlobStoreAwayError, reason });
    },
  );

  it.each([
    ['AccessDenied', 403],
    ['InvalidAccessKeyId', 403],
    ['SignatureDoesNotMatch', 403],
    ['NoSuchBucket', 404],
    ['InvalidAccessKeyId', 404],
    ['PermanentRedirect', 301],
  ])('is a refusal, which clients see as an unavailable store: %s %i', (name, status) => {
    const error = toStoreError(answered(name, status));
    expect(error).toBeInstanceOf(BlobStoreAwayError);
    expect(error).toBeInstanceOf(BlobStoreRefusedError);
  });

  it('names neither bucket nor key nor host, and passes a bug of ours on', () => {
    const all = [answered('AccessDenied', 403), answered('SlowDown', 503), unanswered('ECONNRESET')];
    for (const error of all) expect(String(toStoreError(error))).not.toMatch(/secret|key|10\.0/);
    const bug = new TypeError('x is not a function');
    expect(toStoreError(bug)).toBe(bug);
  });
});
