/**
 * The only place that builds a Redis key. A bucket is the cluster hash tag, so that every script touches one slot;
 * the 16 buckets are the low 4 bits of the first byte of a reference.
 */
export const BUCKETS = 16;
const TAGS = Array.from({ length: BUCKETS }, (_, bucket) => `bb:{${bucket.toString(16).padStart(2, '0')}}:`);

function tag(firstByte: number | undefined): string {
  return TAGS[(firstByte ?? 0) % BUCKETS] as string;
}

/** The keys of one secret. @param ref its 16-byte reference */
export function secretKeys(ref: Buffer): { record: string; tombstone: string; outbox: string } {
  const prefix = tag(ref[0]);
  const hex = ref.toString('hex');
  return { record: `${prefix}s:${hex}`, tombstone: `${prefix}t:${hex}`, outbox: `${prefix}outbox` };
}

/**
 * Keys that files need besides: the upload that becomes this secret, its writer, and the index of secrets
 * that have a blob.
 */
export function fileKeys(ref: Buffer): { upload: string; writer: string; index: string } {
  const prefix = tag(ref[0]);
  const hex = ref.toString('hex');
  return { upload: `${prefix}u:${hex}`, writer: `${prefix}w:${hex}`, index: `${prefix}files` };
}

/** The references (hex) of a bucket's secrets that have a blob. */
export function fileIndexKey(bucket: number): string {
  return `${tag(bucket)}files`;
}

/** The audit events of one bucket that are not in the database yet, and the signed head of those that are. */
export function outboxKeys(bucket: number): { outbox: string; head: string } {
  return { outbox: `${tag(bucket)}outbox`, head: `${tag(bucket)}head` };
}

/** The outbox and head of a bucket, and the mark of their last comparison with the database. */
export function positionKeys(bucket: number): { outbox: string; head: string; compared: string } {
  return { ...outboxKeys(bucket), compared: `${tag(bucket)}compared` };
}

/** The hash tag of a key, which stands for its bucket. */
export function tagOfKey(key: string): string {
  return key.slice(3, 7);
}

/** The hash tag of a bucket's keys. */
export function tagOfBucket(bucket: number): string {
  return tagOfKey(tag(bucket));
}

/** A session and the index of its bucket. @param id first 16 bytes of the hash of its cookie */
export function sessionKeys(id: Buffer): { session: string; index: string } {
  const prefix = tag(id[0]);
  return { session: `${prefix}session:${id.toString('hex')}`, index: `${prefix}sessions` };
}

/** The ids (hex) of a bucket's sessions, by when they end. */
export function sessionIndexKey(bucket: number): string {
  return `${tag(bucket)}sessions`;
}

/** A sign-in that waits for the provider. @param id first 16 bytes of the hash of its cookie */
export function signInKey(id: Buffer): string {
  return `${tag(id[0])}sign-in:${id.toString('hex')}`;
}

/**
 * The counter of one client and kind of request, the counter of refusals, and the counter of the client's
 * bytes of text.
 * @param client hash of the client's address, in base64url
 */
export function rateLimitKeys(
  kind: string,
  client: string,
): { counter: string; refused: string; textBytes: string } {
  const prefix = tag(client.charCodeAt(client.length - 1));
  return {
    counter: `${prefix}l:${kind}:${client}`,
    refused: `${prefix}refused`,
    textBytes: `${prefix}l:text-bytes:${client}`,
  };
}

/** The counter of one client's unfinished uploads. @param share hash of the client, in base64url */
export function uploadShareKeys(share: string): { ends: string; bytes: string } {
  const prefix = tag(share.charCodeAt(share.length - 1));
  return { ends: `${prefix}share:${share}`, bytes: `${prefix}share-bytes:${share}` };
}

/**
 * The record of a secret, the counter of a claim on it, and the counter of refusals.
 * @param claimHash 16 bytes, as the record has it
 */
export function claimLimitKeys(
  ref: Buffer,
  claimHash: Buffer,
): { record: string; counter: string; refused: string } {
  const prefix = tag(ref[0]);
  const { record } = secretKeys(ref);
  const counter = `${prefix}l:claim:${ref.toString('hex')}:${claimHash.toString('base64url')}`;
  return { record, counter, refused: `${prefix}refused` };
}

/** Fingerprints of the key-encryption keys that this store was used with: a hash by key id. */
export const KEY_CHECK_KEY = `${TAGS[0]}keys`;

/** Which keys each running replica holds: a hash by its name. */
export const REPLICAS_KEY = `${TAGS[0]}replicas`;

/** Ids of a bucket's retired keys: no new record may use them. */
export function retiredKeysKey(bucket: number | undefined): string {
  return `${tag(bucket)}retired`;
}

/** The id of the database that keeps the audit trail of this store. */
export const TRAIL_KEY = `${TAGS[0]}trail`;

/** Result of the last check of the trail. */
export const VERIFICATION_KEY = `${TAGS[0]}verified`;

/** The id of the blob store that keeps this store's files. */
export const FILES_PLACE_KEY = `${TAGS[0]}blobs`;

/** Requests refused by a rate limit: in each bucket a hash by hour since the epoch. */
export function refusedHitsKey(bucket: number): string {
  return `${tag(bucket)}refused`;
}

/** An API token, and the list of its bucket's tokens. @param id 16 bytes, the first of the token's hash */
export function tokenKeys(id: Buffer): { record: string; index: string } {
  return { record: `${tag(id[0])}token:${id.toString('hex')}`, index: tokenIndexKey(id[0]) };
}

/** The API tokens of one bucket: of all owners, or of one. @param owner a hash of the owner, in hex */
export function tokenIndexKey(bucket: number | undefined, owner?: string): string {
  return `${tag(bucket)}tokens${owner === undefined ? '' : `:${owner}`}`;
}

/**
 * Counters of sign-in attempts of the local administrator. There is one such account, so all of them are in
 * one bucket.
 * @param account hash of the name that was typed @param address hash of the client's address
 */
export function adminSignInKeys(
  account: string,
  address: string,
): { name: string; address: string; known: string } {
  const prefix = `${tag(0)}admin:`;
  return {
    name: `${prefix}n:${account}`,
    address: `${prefix}a:${address}`,
    known: `${prefix}k:${address}`,
  };
}
