/** One file as the sealed manifest names it. The name is the sender's: to be shown and saved only made safe. */
export interface FileEntry {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** What opens the payload. It lives as long as the page. */
export interface FileAccess {
  readonly id: string;
  /** The claim, and the proof or passphrase where needed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that the server holds: the age file, or the files themselves. */
  readonly payloadBytes: number;
  /** `AGE-SECRET-KEY-1...`; only for files that were sealed. */
  readonly identity?: string;
}

/** What the manifest of a files secret says. */
export interface Manifest {
  readonly note?: string;
  readonly files: readonly FileEntry[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function entryOf(value: unknown): FileEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { name, type, size } = value;
  if (typeof name !== 'string' || typeof size !== 'number') return undefined;
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  return { name, type: typeof type === 'string' ? type : '', size };
}

/**
 * Reads a manifest without trusting its shape: a sender can write any.
 * @param text JSON @returns undefined when it names no files, or what it names is no file
 */
export function parseManifest(text: string): Manifest | undefined {
  let doc: unknown;
  try {
    doc = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(doc) || !Array.isArray(doc['files']) || doc['files'].length === 0) return undefined;
  const files = doc['files'].map(entryOf).filter((file) => file !== undefined);
  if (files.length !== doc['files'].length) return undefined;
  const { note } = doc;
  return { files, ...(typeof note === 'string' && note !== '' ? { note } : {}) };
}

export const totalSize = (files: readonly FileEntry[]): number =>
  files.reduce((sum, { size }) => sum + size, 0);
