import { BlobFinishedError } from '../blob-store.errors.js';
import { grainFloor, type BlobGrain, type BlobId } from '../blob-store.port.js';
import type { S3Bucket, S3Object, S3Part, S3Upload } from './s3-blob.bucket.js';
import { partSize, S3_PART_MIN, type S3Names } from './s3-blob.names.js';

/** State of a partial blob in S3. */
export interface S3Partial {
  /** The multipart upload to continue; undefined when there is none. */
  readonly upload: S3Upload | undefined;
  /** Its usable parts, from number 1 on without a gap, each but the first of the size that S3 requires. */
  readonly parts: readonly S3Part[];
  /** Where they end: a multiple of the grain. */
  readonly partsEnd: number;
  /** The suspended bytes after them, less than a part. */
  readonly tail: S3Object | undefined;
  readonly durableLength: number;
  /** Uploads and tails left over by a crash or a lost answer. */
  readonly strayUploads: readonly S3Upload[];
  readonly strayTails: readonly S3Object[];
}

export interface S3Everything {
  readonly uploads: readonly { readonly upload: S3Upload; readonly parts: readonly S3Part[] }[];
  readonly finished: S3Object | undefined;
  readonly tails: readonly { readonly from: number; readonly object: S3Object }[];
}

/** Reads the state of one blob: three requests, two for a blob without an upload. */
export async function findBlob(bucket: S3Bucket, names: S3Names, id: BlobId): Promise<S3Everything> {
  const key = names.blob(id);
  const uploads: { upload: S3Upload; parts: S3Part[] }[] = [];
  // Uploads first: the other way round, an upload that is completed in between would be missed.
  for await (const upload of bucket.uploads(key)) {
    const parts = upload.key === key ? await bucket.parts(upload) : undefined;
    if (parts) uploads.push({ upload, parts });
  }
  let finished: S3Object | undefined;
  const tails: { from: number; object: S3Object }[] = [];
  for await (const object of bucket.objects(key)) {
    const name = names.parse(object.key);
    if (name?.id !== id) continue;
    if (name.tailFrom === undefined) finished = object;
    else tails.push({ from: name.tailFrom, object });
  }
  return { uploads, finished, tails };
}

export const sizeOfAll = ({ uploads, finished, tails }: S3Everything): number =>
  uploads.reduce((sum, { parts }) => sum + bytesOf(parts), 0) +
  tails.reduce((sum, { object }) => sum + object.size, finished?.size ?? 0);

export const bytesOf = (parts: readonly S3Part[]): number => parts.reduce((sum, { size }) => sum + size, 0);

/**
 * Parts after which a writer can continue. The last part of a blob whose completion failed is not such a
 * part: it may end anywhere and be shorter than S3 allows in the middle; its number is reused.
 */
function usableParts(grain: BlobGrain, parts: readonly S3Part[]): S3Part[] {
  const usable: S3Part[] = [];
  let end = 0;
  for (const part of parts) {
    end += part.size;
    if (part.number !== usable.length + 1 || part.size < S3_PART_MIN || grainFloor(grain, end) !== end) break;
    usable.push(part);
  }
  return usable;
}

/** @throws BlobFinishedError */
export function partialOf(id: BlobId, grain: BlobGrain, everything: S3Everything): S3Partial {
  if (everything.finished) throw new BlobFinishedError(id);
  const candidates = everything.uploads
    .map(({ upload, parts }) => ({ upload, parts: usableParts(grain, parts) }))
    .sort((a, b) => bytesOf(b.parts) - bytesOf(a.parts) || b.upload.initiatedAt - a.upload.initiatedAt);
  const [best, ...strays] = candidates;
  const parts = best?.parts ?? [];
  const partsEnd = bytesOf(parts);
  const fits = ({ from, object: { size } }: { from: number; object: S3Object }) =>
    from === partsEnd &&
    grainFloor(grain, from + size) === from + size &&
    size < partSize(grain, parts.length + 1);
  const tail = everything.tails.find(fits)?.object;
  return {
    upload: best?.upload,
    parts,
    partsEnd,
    tail,
    durableLength: partsEnd + (tail?.size ?? 0),
    strayUploads: strays.map(({ upload }) => upload),
    strayTails: everything.tails.map(({ object }) => object).filter((object) => object !== tail),
  };
}
