import type { BlobEntry, BlobId } from '../blob-store.port.js';
import type { S3Bucket } from './s3-blob.bucket.js';
import type { S3Names } from './s3-blob.names.js';
import { bytesOf } from './s3-blob.partial.js';

interface Partial {
  size: number;
  modifiedAt: number;
}

/**
 * Iterates over the blobs of a prefix. Objects come in pages, sorted by name, so that the tails of a blob
 * follow it; only the uploads in progress are held in memory, and each is asked for its size.
 */
export async function* listBlobs(
  bucket: S3Bucket,
  names: S3Names,
): AsyncGenerator<BlobEntry, void, undefined> {
  const partials = new Map<BlobId, Partial>();
  const add = (id: BlobId, size: number, modifiedAt: number) => {
    const known = partials.get(id);
    partials.set(id, {
      size: size + (known?.size ?? 0),
      modifiedAt: Math.max(modifiedAt, known?.modifiedAt ?? 0),
    });
  };
  for await (const upload of bucket.uploads(names.prefix)) {
    const name = names.parse(upload.key);
    const parts = name?.tailFrom === undefined ? await bucket.parts(upload) : undefined;
    if (name && parts) add(name.id, bytesOf(parts), upload.initiatedAt);
  }
  let finished: BlobId | undefined;
  for await (const { key, size, modifiedAt } of bucket.objects(names.prefix)) {
    const name = names.parse(key);
    if (name?.tailFrom === undefined) {
      if (!name) continue;
      finished = name.id;
      // A tail that a crash left beside the blob belongs to it.
      partials.delete(name.id);
      yield { id: name.id, size, partial: false, modifiedAt };
    } else if (name.id !== finished) add(name.id, size, modifiedAt);
  }
  for (const [id, { size, modifiedAt }] of partials) yield { id, size, partial: true, modifiedAt };
}
