import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '../../common/clock.js';
import {
  filesConfig,
  serverConfig,
  type FilesConfig,
  type ServerConfig,
} from '../../platform/config/sections/app.config.js';
import { CHUNK_HEADER_BYTES, STORED_CHUNK_BYTES } from '../../crypto/chunks/chunk-format.js';
import { BLOB_STORE, type BlobGrain, type BlobStore } from './blob-store.port.js';
import { DiskBlobStore } from './disk/disk-blob.store.js';

/** A partial blob ends after its header, or after a whole chunk of the envelope. */
const GRAIN: BlobGrain = { head: CHUNK_HEADER_BYTES, unit: STORED_CHUNK_BYTES };

type OpenBlobStore = BlobStore & { close(): Promise<void> };

/** @throws BlobStoreUnfitError, DataDirError: both say what to set */
async function openBlobStore(
  files: FilesConfig,
  { dataDir }: Pick<ServerConfig, 'dataDir'>,
): Promise<OpenBlobStore> {
  if (files.store === 'disk') return DiskBlobStore.open(dataDir, GRAIN);
  // Imported here, so that only users of S3 load the SDK.
  const { S3BlobStore } = await import('./s3/s3-blob.store.js');
  const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = files;
  const place = {
    // The check of the whole configuration ensures that there is one.
    bucket: files.s3Bucket ?? '',
    region: files.s3Region,
    endpoint: files.s3Endpoint,
    pathStyle: files.s3PathStyle === 'on',
    prefix: files.s3Prefix,
    credentials:
      accessKeyId !== undefined && secretAccessKey !== undefined
        ? { accessKeyId, secretAccessKey }
        : undefined,
  };
  const store = await S3BlobStore.open(place, GRAIN, systemClock);
  new Logger('Blobs').log({ bucket: place.bucket, prefix: place.prefix }, 'files are kept in a bucket');
  return store;
}

/** Keeps sealed files, as BLOB_STORE says. Nothing that needs it is built before it can be used. */
@Module({
  providers: [
    { provide: BLOB_STORE, inject: [filesConfig.KEY, serverConfig.KEY], useFactory: openBlobStore },
  ],
  exports: [BLOB_STORE],
})
export class BlobModule implements OnApplicationShutdown {
  constructor(@Inject(BLOB_STORE) private readonly store: OpenBlobStore) {}

  /** Nest calls this after the server's last answer. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
