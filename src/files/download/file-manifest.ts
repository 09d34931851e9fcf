import { EnvelopeDamagedError } from '../../crypto/crypto.errors.js';
import type { FilesFacts } from '../../secrets/record/secret-record.js';

/** One file of a payload: the position of its bytes in the concatenation. */
export interface PackedFile {
  /** As the sender gave it: not sanitised yet. */
  readonly name: string;
  readonly size: number;
  readonly offset: number;
}

function isEntry(value: unknown): value is { name: string; size: number } {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('size' in value)) return false;
  const { name, size } = value;
  return typeof name === 'string' && typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
}

function parse(manifest: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(manifest.toString('utf8'));
    return typeof value === 'object' && value !== null && 'files' in value ? value.files : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The files of an unsealed manifest, in order.
 * @throws EnvelopeDamagedError when their number or total size differs from the record
 */
export function packedFiles(manifest: Buffer, { count, bytes }: FilesFacts): PackedFile[] {
  const entries = parse(manifest);
  if (!Array.isArray(entries) || entries.length !== count) throw new EnvelopeDamagedError();
  let offset = 0;
  const files = entries.map((entry: unknown) => {
    if (!isEntry(entry)) throw new EnvelopeDamagedError();
    const { name, size } = entry;
    const file = { name, size, offset };
    offset += size;
    return file;
  });
  if (offset !== bytes) throw new EnvelopeDamagedError();
  return files;
}
