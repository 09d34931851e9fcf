import type { BlobId } from '../store/blob-store.port.js';

/** Whom a blob belongs to, and which secrets have one. */
export interface BlobOwners {
  /** @returns undefined when nobody needs it any more: neither a secret nor an upload comes back */
  ownerOf(id: BlobId): Promise<'secret' | 'upload' | undefined>;

  /** Blobs that secrets are said to have, of the living and of some that have ended; one may come twice. */
  expected(): AsyncIterable<BlobId>;

  /** Expects no blob of a secret that has ended. @returns false when it has not ended */
  forget(id: BlobId): Promise<boolean>;
}
export const BLOB_OWNERS = Symbol('BlobOwners');
