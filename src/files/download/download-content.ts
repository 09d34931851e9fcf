import { safeFileName, uniqueFileNames } from '@burnbag/contract';

import type { ChunkDecryptor } from '../../crypto/chunks/chunk-decryptor.js';
import { EnvelopeDamagedError } from '../../crypto/crypto.errors.js';
import type { FilesFacts, SecretFacts } from '../../secrets/record/secret-record.js';
import type { ByteRange } from './stream/byte-range.js';
import { packedFiles } from './file-manifest.js';
import { zipLength, zipped } from './stream/zip-stream.js';

/** Content behind one URL: the sealed payload, one file, or all of them in an archive. */
export interface DownloadContent {
  /** Sanitised. */
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  /** Whether ranges are supported. */
  readonly divisible: boolean;
  read(payload: ChunkDecryptor, range: ByteRange): AsyncGenerator<Uint8Array, void, undefined>;
}

export type FilesOfSecret = SecretFacts & { readonly files: FilesFacts };

/**
 * @returns the length, when it is known without opening; undefined for an archive and for one of several
 * files
 */
export function lengthUnopened({ sealed, files }: FilesOfSecret): number | undefined {
  if (sealed) return files.payloadBytes;
  return files.count === 1 ? files.bytes : undefined;
}

function slice(name: string, offset: number, length: number): DownloadContent {
  return {
    name,
    length,
    divisible: true,
    read: (payload, { from, to }) => payload.read(offset + from, offset + to),
  };
}

/**
 * @param manifest JSON; not read when sealed
 * @param index of one file, checked by the caller; undefined for everything
 * @throws EnvelopeDamagedError for a manifest that does not fit the record
 */
export function downloadContentOf(
  facts: FilesOfSecret,
  manifest: Buffer,
  ref: Buffer,
  index: number | undefined,
): DownloadContent {
  const { files, sealed, expiresAt, ttlSeconds } = facts;
  const title = `burnbag-${ref.toString('hex').slice(0, 8)}`;
  if (sealed) return slice(`${title}.age`, 0, files.payloadBytes);
  const packed = packedFiles(manifest, files);
  const one = packed[index ?? 0];
  if (!one) throw new EnvelopeDamagedError();
  if (index !== undefined || packed.length === 1) return slice(safeFileName(one.name), one.offset, one.size);

  const names = uniqueFileNames(packed.map(({ name }) => name));
  const named = packed.map((file, at) => ({ ...file, name: names[at] ?? '' }));
  return {
    name: `${title}.zip`,
    length: zipLength(named),
    divisible: false,
    read: (payload) => {
      const entries = named.map(({ name, size, offset }) => ({
        name,
        size,
        open: () => payload.read(offset, offset + size),
      }));
      return zipped(entries, expiresAt - ttlSeconds * 1_000);
    },
  };
}
