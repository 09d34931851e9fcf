import { sessionStore } from '../../../lib/storage';
import type { CompletionBody } from '../create.model';
import type { SentFile } from '../manifest';

const KEY = 'burnbag.upload';

/**
 * State that continues an upload after a reload; kept by this tab only and removed at the end. It opens the
 * files, which the same person has anyway, so it needs no more secrecy than they do.
 */
export interface PendingUpload {
  readonly version: 1;
  /** The sender's capability: it allows to continue the upload or to delete it. */
  readonly uploadId: string;
  /** Bytes of the payload that the server has, and their total. */
  readonly arrived: number;
  readonly payloadBytes: number;
  readonly files: readonly SentFile[];
  /** Hashes of the parts read so far, by number; see lib/files/checked-blob. */
  readonly hashes: Readonly<Record<string, string>>;
  /** In base64url. Absent when the server encrypts. */
  readonly sealed?: { readonly linkKey: string; readonly start: string; readonly payloadKey: string };
  readonly completion: CompletionBody;
  /** Shown at the end. */
  readonly passphrase: string;
  readonly maxViews: number;
}

const isPending = (value: unknown): value is PendingUpload =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  value.version === 1 &&
  'uploadId' in value &&
  typeof value.uploadId === 'string' &&
  'files' in value &&
  Array.isArray(value.files);

/** The unfinished upload of this tab, if there is one. */
export const pendingUpload = {
  load(): PendingUpload | undefined {
    const text = sessionStore.get(KEY);
    if (text === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(text);
      if (isPending(value)) return value;
    } catch {
      // Cut off or foreign: ignored.
    }
    sessionStore.remove(KEY);
    return undefined;
  },
  /** When it does not fit, nothing is kept: an older state would lack hashes of parts sealed since. */
  save(pending: PendingUpload): void {
    const text = JSON.stringify(pending);
    sessionStore.set(KEY, text);
    if (sessionStore.get(KEY) !== text) sessionStore.remove(KEY);
  },
  clear: (): void => sessionStore.remove(KEY),
};
