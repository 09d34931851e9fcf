import { BUCKETS, hashOf, idOf, isSame, type ChainHead } from './audit-chain.js';
import type { VerifyingKeys } from './audit-keys.js';
import type { StoredEvent, StoredHead } from './chain.repository.js';

/** A position in the trail, which an id encodes. */
export interface Place {
  readonly bucket: number;
  readonly sequence: number;
}

const MICROS = /^(-?\d{1,18})(?:\.0*)?$/;

/** @param id as text: an edited one need not be a number that JavaScript can hold */
export function placeOf(id: string): Place {
  const whole = BigInt(id);
  return { bucket: Number(BigInt.asUintN(4, whole)), sequence: Number(whole >> 4n) };
}

/** The position by the row's own columns; undefined when they do not name one. */
export function claimedPlace(row: StoredEvent): Place | undefined {
  const [bucket, sequence] = [wholeNumber(row.bucket), wholeNumber(row.sequence)];
  const isPlace =
    bucket !== undefined && bucket >= 0 && bucket < BUCKETS && sequence !== undefined && sequence > 0;
  return isPlace ? { bucket, sequence } : undefined;
}

/** @returns undefined for null and for a value that a number cannot hold exactly */
function wholeNumber(text: string | null): number | undefined {
  const value = text === null ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** @returns undefined when the head has a number that is never written */
export function readHead(stored: StoredHead): ChainHead | undefined {
  const [sequence, floorSequence, keyId] = [stored.sequence, stored.floorSequence, stored.keyId].map(
    wholeNumber,
  );
  if (sequence === undefined || floorSequence === undefined || keyId === undefined) return undefined;
  const { bucket, hash, floorHash, signature } = stored;
  return hash.length === 32 && floorHash.length === 32
    ? { bucket, sequence, hash, floorSequence, floorHash, keyId, signature }
    : undefined;
}

/** Computes the hash that a row must have. */
export class RowHashes {
  constructor(readonly keys: VerifyingKeys) {}

  /**
   * The hash of the row's contents at a position after a hash, whatever its own id, bucket, sequence and
   * previous_hash.
   * @param keyId @default the row's own
   * @returns undefined when the key is unknown, or a column holds a value that is never written
   */
  of(
    row: StoredEvent,
    place: Place,
    previous: Buffer | null,
    keyId = wholeNumber(row.keyId),
  ): Buffer | undefined {
    const key = keyId === undefined ? undefined : this.keys.keyFor(keyId);
    const micros = MICROS.exec(row.createdAtMicros ?? '')?.[1];
    if (!key || micros === undefined || previous?.length !== 32) return undefined;
    const { streamId, ref, action, actor, ipAddress, userAgent, extraText } = row;
    const fields = {
      id: idOf(place.bucket, place.sequence),
      ...place,
      keyId: key.id,
      createdAtMicros: BigInt(micros),
    };
    const texts = { streamId, ref, action, actor, ipAddress, userAgent, extraText };
    return Number.isSafeInteger(fields.id) ? hashOf({ ...fields, ...texts }, previous, key.key) : undefined;
  }

  /** Whether the row, at that position and after that hash, would have one of the given hashes. */
  fits(
    row: StoredEvent,
    place: Place,
    previous: Buffer | null,
    ...hashes: (Buffer | null | undefined)[]
  ): boolean {
    const expected = this.of(row, place, previous);
    return expected !== undefined && hashes.some((hash) => hash && isSame(hash, expected));
  }

  /**
   * The key under which the row would have one of the hashes; differs from the row's own when that was
   * edited.
   */
  keyThatFits(
    row: StoredEvent,
    place: Place,
    previous: Buffer,
    ...hashes: (Buffer | null | undefined)[]
  ): number | undefined {
    return this.keys.ids.find((id) => {
      const expected = this.of(row, place, previous, id);
      return expected !== undefined && hashes.some((hash) => hash && isSame(hash, expected));
    });
  }
}
