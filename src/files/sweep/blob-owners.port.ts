import type { BlobId } from '../store/blob-store.port.js';

/** Owners of blobs, and the secrets that have one. */
export interface BlobOwners {
  /** @returns undefined when it has no owner: neither its secret nor its upload comes back */
  ownerOf(id: BlobId): Promise<'secret' | 'upload' | undefined>;

  /** Blobs in the index of secrets, of live ones and of some that have ended; one may come twice. */
  expected(): AsyncIterable<BlobId>;

  /** Removes a secret that has ended from the index. @returns false when it has not ended */
  forget(id: BlobId): Promise<boolean>;
}
export const BLOB_OWNERS = Symbol('BlobOwners');
