/** One file of the sealed manifest. The name is the sender's: sanitise it before it is shown or used. */
export interface FileEntry {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** Keys of the payload, kept as long as the page. */
export interface FileAccess {
  readonly id: string;
  /** The claim, and the proof or passphrase if needed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that the server holds: the age file, or the files themselves. */
  readonly payloadBytes: number;
  /** `AGE-SECRET-KEY-1...`; only for files that were sealed. */
  readonly identity?: string;
}

/** Content of the manifest. */
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
 * Parses a manifest without trusting its shape: a sender can write any.
 * @param text JSON @returns undefined when it has no files, or an invalid one
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
