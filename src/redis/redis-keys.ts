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
 * What files need besides: the upload that becomes this secret, who writes it, and the index of secrets that have a
 * blob.
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

/** The audit events of one bucket that the database has not got yet, and the signed end of those that it has. */
export function outboxKeys(bucket: number): { outbox: string; head: string } {
  return { outbox: `${tag(bucket)}outbox`, head: `${tag(bucket)}head` };
}

/** The counter of one client and kind of request, and where its refusals are counted. @param client what stands for the client's address, in base64url */
export function rateLimitKeys(kind: string, client: string): { counter: string; refused: string } {
  const prefix = tag(client.charCodeAt(client.length - 1));
  return { counter: `${prefix}l:${kind}:${client}`, refused: `${prefix}refused` };
}

/** Fingerprints of the key-encryption keys that this store was used with: a hash by key id. */
export const KEY_CHECK_KEY = `${TAGS[0]}keys`;

/** Which trail this store's events go to: the id of the database that keeps it. */
export const TRAIL_KEY = `${TAGS[0]}trail`;

/** Where this store's files lie: the id of their blob store. */
export const FILES_PLACE_KEY = `${TAGS[0]}blobs`;

/** Requests that a limit refused: a hash by hour since the epoch, in each bucket for the counters that it holds. */
export function refusedHitsKey(bucket: number): string {
  return `${tag(bucket)}refused`;
}
