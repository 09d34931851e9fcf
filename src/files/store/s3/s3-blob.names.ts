import type { BlobGrain, BlobId } from '../blob-store.port.js';

const OWN_NAME = /^([0-9a-f]{32})(?:\.([0-9]{1,16})\.tail)?$/;

/** One of our objects: a finished blob, or the tail of a partial one. */
export interface OwnName {
  readonly id: BlobId;
  /** Offset of the tail in its blob; undefined for a finished blob. */
  readonly tailFrom: number | undefined;
}

/**
 * Names of objects, after the prefix: a finished blob by its id, which its multipart upload uses, too; the
 * tail of a suspended one, less than a part, as `<id>.<offset>.tail`.
 */
export class S3Names {
  constructor(readonly prefix: string) {}

  blob(id: BlobId): string {
    return this.prefix + id;
  }

  tail(id: BlobId, from: number): string {
    return `${this.prefix}${id}.${from}.tail`;
  }

  /** @returns undefined for foreign names */
  parse(key: string): OwnName | undefined {
    if (!key.startsWith(this.prefix)) return undefined;
    const [, id, from] = OWN_NAME.exec(key.slice(this.prefix.length)) ?? [];
    return id === undefined ? undefined : { id, tailFrom: from === undefined ? undefined : Number(from) };
  }
}

/** Minimum size of a part in S3, except the last one. */
export const S3_PART_MIN = 5 * 1_048_576;
/** Maximum number of parts of an object in S3. */
export const S3_PARTS_MAX = 10_000;
const PARTS_OF_A_SIZE = 1_000;

/**
 * Bytes of part `number` (from 1), which ends at a multiple of the grain. Grows every thousand parts by the
 * smallest step that S3 allows: 5 MiB up to a blob of 5 GB, 52 MB at the end, 288 GB in all.
 */
export function partSize({ head, unit }: BlobGrain, number: number): number {
  const least = Math.ceil(S3_PART_MIN / unit) * unit;
  return least * Math.ceil(number / PARTS_OF_A_SIZE) + (number === 1 ? head : 0);
}
