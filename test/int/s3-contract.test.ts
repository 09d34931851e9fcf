import { itKeepsChunks } from '../support/blob-chunks-contract.js';
import { itKeepsBlobs } from '../support/blob-store-contract.js';
import { itSweepsBlobs } from '../support/blob-sweep-contract.js';
import { s3BlobPlace } from '../support/s3-kit.js';
import { OBTAIN_S3_MS, startS3, type TestS3 } from '../support/s3-server.js';

let server: TestS3;
beforeAll(async () => {
  server = await startS3();
}, OBTAIN_S3_MS);

describe('the S3 store, on a real server', () => {
  const place = () => s3BlobPlace(server);
  itKeepsBlobs(place);
  itSweepsBlobs(place, 5);
  itKeepsChunks(place);
});
