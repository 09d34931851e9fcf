import { putInt64 } from '../../common/int64.js';

const ROW_LABEL = 'burnbag/audit/v1';
const HEAD_LABEL = 'burnbag/audit-head/v1';
const NULL_LENGTH = 0xffff_ffff;
const ROW_FIXED = ROW_LABEL.length + 32 + 8 + 2 + 8 + 8 + 8;
const HEAD_BYTES = HEAD_LABEL.length + 2 + 8 + 32 + 8 + 32 + 8;
const TEXTS = 7;

/** The end of a bucket's chain. A signed head proves that the chain reached it. */
export interface ChainHead {
  readonly bucket: number;
  /** Of the last event; 0 before the first. */
  readonly sequence: number;
  readonly hash: Buffer;
  /** The last event that was pruned by retention: verification begins after it. */
  readonly floorSequence: number;
  readonly floorHash: Buffer;
  readonly keyId: number;
  readonly signature: Buffer;
}

/** Every column of a row but the two hashes. Integers within 64 bits; null differs from empty text. */
export interface RowFields {
  readonly id: number;
  readonly bucket: number;
  readonly sequence: number;
  readonly keyId: number;
  /** Microseconds since the Unix epoch: what a timestamptz can hold. */
  readonly createdAtMicros: bigint;
  readonly streamId: string | null;
  readonly ref: string | null;
  readonly action: string | null;
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly extraText: string | null;
}

// One buffer for all rows: encoding and hashing are one synchronous step.
let scratch = Buffer.alloc(0);
let view = new DataView(scratch.buffer);
grow(2_048);

function grow(bytes: number): void {
  if (bytes <= scratch.length) return;
  scratch = Buffer.alloc(bytes * 2);
  view = new DataView(scratch.buffer, scratch.byteOffset);
  scratch.write(ROW_LABEL, 'latin1');
}

function putText(text: string | null, offset: number): number {
  if (text === null) return scratch.writeUInt32BE(NULL_LENGTH, offset);
  const length = scratch.write(text, offset + 4, 'utf8');
  scratch.writeUInt32BE(length, offset);
  return offset + 4 + length;
}

/**
 * The bytes that are hashed for a row; docs/audit.md has them field by field.
 * @param previousHash 32 bytes
 * @returns a buffer that the next call overwrites
 * @throws RangeError for a number that does not fit its field
 */
export function encodeRow(row: RowFields, previousHash: Buffer): Buffer {
  if (previousHash.length !== 32) throw new RangeError('a hash is 32 bytes');
  const { streamId, ref, action, actor, ipAddress, userAgent, extraText } = row;
  let room = ROW_FIXED + TEXTS * 4;
  // At most three bytes of UTF-8 for each UTF-16 unit.
  for (const text of [streamId, ref, action, actor, ipAddress, userAgent, extraText])
    room += (text?.length ?? 0) * 3;
  grow(room);
  let end = ROW_LABEL.length;
  end += previousHash.copy(scratch, end);
  end = putInt64(view, end, row.id);
  end = scratch.writeInt16BE(row.bucket, end);
  end = putInt64(view, end, row.sequence);
  end = putInt64(view, end, row.keyId);
  end = scratch.writeBigInt64BE(row.createdAtMicros, end);
  end = putText(streamId, end);
  end = putText(ref, end);
  end = putText(action, end);
  end = putText(actor, end);
  end = putText(ipAddress, end);
  end = putText(userAgent, end);
  end = putText(extraText, end);
  return scratch.subarray(0, end);
}

/** The bytes that are signed for a head. @throws RangeError when a hash is not 32 bytes long */
export function encodeHeadFields(head: Omit<ChainHead, 'signature'>): Buffer {
  if (head.hash.length !== 32 || head.floorHash.length !== 32) throw new RangeError('a hash is 32 bytes');
  const bytes = Buffer.alloc(HEAD_BYTES);
  let end = bytes.write(HEAD_LABEL, 'latin1');
  end = bytes.writeInt16BE(head.bucket, end);
  end = bytes.writeBigInt64BE(BigInt(head.sequence), end);
  end += head.hash.copy(bytes, end);
  end = bytes.writeBigInt64BE(BigInt(head.floorSequence), end);
  end += head.floorHash.copy(bytes, end);
  bytes.writeBigInt64BE(BigInt(head.keyId), end);
  return bytes;
}

const STORED_VERSION = 1;
const STORED_BYTES = 1 + 2 + 8 + 32 + 8 + 32 + 8 + 32;

/** A signed head as Redis keeps it (123 bytes): version 1, then the signed fields, then the signature. */
export function encodeHead(head: ChainHead): Buffer {
  const fields = encodeHeadFields(head).subarray(HEAD_LABEL.length);
  return Buffer.concat([Buffer.of(STORED_VERSION), fields, head.signature], STORED_BYTES);
}

/**
 * @returns undefined for bytes that are not a head of this version; does not check whether it is authentic
 */
export function decodeHead(stored: Buffer): ChainHead | undefined {
  if (stored.length !== STORED_BYTES || stored[0] !== STORED_VERSION) return undefined;
  const head = {
    bucket: stored.readInt16BE(1),
    sequence: Number(stored.readBigInt64BE(3)),
    hash: stored.subarray(11, 43),
    floorSequence: Number(stored.readBigInt64BE(43)),
    floorHash: stored.subarray(51, 83),
    keyId: Number(stored.readBigInt64BE(83)),
    signature: stored.subarray(91),
  };
  const isExact = [head.sequence, head.floorSequence, head.keyId].every(Number.isSafeInteger);
  return isExact ? head : undefined;
}
