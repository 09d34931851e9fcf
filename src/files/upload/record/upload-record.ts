import { CHUNK_HEADER_BYTES } from '../../../crypto/chunks/chunk-format.js';

const VERSION = 2;
const PURPOSE = Buffer.from('burnbag/upload/v1', 'ascii');
const SHARE_BYTES = 22;
const SHARE_AT = 13 + CHUNK_HEADER_BYTES;
const CLEAR_BYTES = SHARE_AT + SHARE_BYTES;

/** The plaintext part of a stored upload, authenticated by its envelope. No name, no id. */
export interface UploadFacts {
  /** Bytes of the payload: all files together, or the age file of them. Unknown (0) while a form arrives. */
  readonly length: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** 22 bytes: how the blob begins. */
  readonly header: Buffer;
  /** 22 characters: hash of the client that it counts for, see UploadShares. */
  readonly share: string;
}

// version(1) | length(6) | created at(6) | chunk header(22) | share(22)
function clear({ length, createdAt, header, share }: UploadFacts): Buffer {
  const bytes = Buffer.alloc(CLEAR_BYTES);
  bytes[0] = VERSION;
  bytes.writeUIntBE(length, 1, 6);
  bytes.writeUIntBE(createdAt, 7, 6);
  bytes.set(header, 13);
  bytes.write(share, SHARE_AT, 'latin1');
  return bytes;
}

/** The binding of the data key's envelope besides the secret's id. */
export function uploadPurpose(facts: UploadFacts): Buffer {
  return Buffer.concat([PURPOSE, clear(facts)]);
}

/** @param envelope of the blob's data key */
export function encodeUpload(facts: UploadFacts, envelope: Buffer): Buffer {
  return Buffer.concat([clear(facts), envelope]);
}

/** @returns undefined for bytes that `encodeUpload` did not write */
export function decodeUpload(record: Buffer): { facts: UploadFacts; envelope: Buffer } | undefined {
  if (record.length <= CLEAR_BYTES || record[0] !== VERSION) return undefined;
  return {
    facts: {
      length: record.readUIntBE(1, 6),
      createdAt: record.readUIntBE(7, 6),
      header: record.subarray(13, SHARE_AT),
      share: record.toString('latin1', SHARE_AT, CLEAR_BYTES),
    },
    envelope: record.subarray(CLEAR_BYTES),
  };
}
