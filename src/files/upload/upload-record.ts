import { CHUNK_HEADER_BYTES } from '../../crypto/chunk-format.js';

const VERSION = 1;
const PURPOSE = Buffer.from('burnbag/upload/v1', 'ascii');
const CLEAR_BYTES = 1 + 6 + 6 + CHUNK_HEADER_BYTES;

/** What of an upload is stored in the clear, authenticated by its envelope. No name, no id. */
export interface UploadFacts {
  /** Bytes of the payload: all files together, or the age file of them. Unknown (0) while a form arrives. */
  readonly length: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** 22 bytes: how the blob begins. */
  readonly header: Buffer;
}

// version(1) | length(6) | created at(6) | chunk header(22)
function clear({ length, createdAt, header }: UploadFacts): Buffer {
  const bytes = Buffer.alloc(CLEAR_BYTES);
  bytes[0] = VERSION;
  bytes.writeUIntBE(length, 1, 6);
  bytes.writeUIntBE(createdAt, 7, 6);
  bytes.set(header, 13);
  return bytes;
}

/** What the envelope of the data key is bound to besides the secret's id. */
export function uploadPurpose(facts: UploadFacts): Buffer {
  return Buffer.concat([PURPOSE, clear(facts)]);
}

/** @param envelope of the blob's data key */
export function encodeUpload(facts: UploadFacts, envelope: Buffer): Buffer {
  return Buffer.concat([clear(facts), envelope]);
}

/** @returns undefined for what `encodeUpload` did not write */
export function decodeUpload(record: Buffer): { facts: UploadFacts; envelope: Buffer } | undefined {
  if (record.length <= CLEAR_BYTES || record[0] !== VERSION) return undefined;
  return {
    facts: {
      length: record.readUIntBE(1, 6),
      createdAt: record.readUIntBE(7, 6),
      header: record.subarray(13, CLEAR_BYTES),
    },
    envelope: record.subarray(CLEAR_BYTES),
  };
}
