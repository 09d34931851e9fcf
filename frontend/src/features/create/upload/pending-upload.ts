import { sessionStore } from '../../../lib/storage';
import type { CompletionBody } from '../create.model';
import type { SentFile } from '../manifest';

const KEY = 'burnbag.upload';

/**
 * What the page needs to go on with an upload after a reload; kept by this tab alone and removed at the end. It opens the
 * files, which the same person has before them anyway, so it is no more secret than they are.
 */
export interface PendingUpload {
  readonly version: 1;
  /** The sender's capability: whoever has it may go on with the upload or end it. */
  readonly uploadId: string;
  /** Bytes of the payload that the server is known to have, of how many. */
  readonly arrived: number;
  readonly payloadBytes: number;
  readonly files: readonly SentFile[];
  /** What the parts held that were read so far, by number; see lib/files/checked-blob. */
  readonly hashes: Readonly<Record<string, string>>;
  /** In base64url. Absent when the server encrypts. */
  readonly sealed?: { readonly linkKey: string; readonly start: string; readonly payloadKey: string };
  readonly completion: CompletionBody;
  /** To be shown once more at the end. */
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

/** The upload that this tab has not finished, if there is one. */
export const pendingUpload = {
  load(): PendingUpload | undefined {
    const text = sessionStore.get(KEY);
    if (text === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(text);
      if (isPending(value)) return value;
    } catch {
      // Cut off or foreign: as good as none.
    }
    sessionStore.remove(KEY);
    return undefined;
  },
  /** Where there is no room for it, nothing is kept: an older state would not know what was sealed since. */
  save(pending: PendingUpload): void {
    const text = JSON.stringify(pending);
    sessionStore.set(KEY, text);
    if (sessionStore.get(KEY) !== text) sessionStore.remove(KEY);
  },
  clear: (): void => sessionStore.remove(KEY),
};
