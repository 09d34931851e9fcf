import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { itKeepsChunks } from '../../../../test/support/blob-chunks-contract.js';
import { everythingIn, GRAIN, newDataDir } from '../../../../test/support/blob-kit.js';
import type { BlobPlace } from '../../../../test/support/blob-place.js';
import { itKeepsBlobs } from '../../../../test/support/blob-store-contract.js';
import { itSweepsBlobs } from '../../../../test/support/blob-sweep-contract.js';
import { DiskBlobStore } from './disk-blob.store.js';

async function folder(): Promise<BlobPlace> {
  const dataDir = newDataDir();
  return {
    open: () => DiskBlobStore.open(dataDir, GRAIN),
    // Files, without the two levels of folders above them.
    contents: async () => everythingIn(join(dataDir, 'blobs')).filter((name) => name.length > 5),
    remove: async () => rmSync(dataDir, { recursive: true }),
  };
}

describe('the disk store', () => {
  itKeepsBlobs(folder);
  itSweepsBlobs(folder, 50);
  itKeepsChunks(folder);
});
