import { GRAIN } from '../../../../test/support/blob-kit.js';
import { BlobStoreAwayError } from '../blob-store.errors.js';
import type { S3Bucket } from './s3-blob.bucket.js';
import { S3AnswerError } from './s3-blob.errors.js';
import { partSize, S3Names } from './s3-blob.names.js';
import { S3BlobWriter } from './s3-blob.writer.js';

const LENGTH = partSize(GRAIN, 1) + 10;

/** A writer of more than a part, to a server that has lost the upload when it is to be completed. */
async function finishWithout(sizeThere: number | undefined): Promise<void> {
  const bucket: Partial<S3Bucket> = {
    createUpload: async () => 'upload',
    uploadPart: async (_key, _upload, number, bytes) => ({ number, etag: '"e"', size: bytes.length }),
    completeUpload: () => Promise.reject(new S3AnswerError('missing')),
    size: async () => sizeThere,
  };
  const writer = new S3BlobWriter({
    bucket: bucket as S3Bucket,
    names: new S3Names(''),
    id: '0'.repeat(32),
    grain: GRAIN,
    uploadId: undefined,
    parts: [],
    partsEnd: 0,
    tail: Buffer.alloc(0),
    changed: () => undefined,
    ended: () => undefined,
  });
  await writer.write(Buffer.alloc(LENGTH));
  await writer.finish();
}

// The server of the integration tests accepts a second completion; MinIO, for one, does not.
describe('an upload that is gone when it is to be completed', () => {
  it('was completed by an attempt whose answer was lost, if the blob is there', async () => {
    await expect(finishWithout(LENGTH)).resolves.toBeUndefined();
  });

  it.each([undefined, LENGTH - 1])('was aborted otherwise (%s bytes are there)', async (size) => {
    await expect(finishWithout(size)).rejects.toThrow(BlobStoreAwayError);
  });
});
