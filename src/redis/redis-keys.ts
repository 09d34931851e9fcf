/**
 * The only place that builds a Redis key. A bucket is the cluster hash tag, so that every script touches one slot;
 * the 16 buckets are the low 4 bits of the first byte of a reference.
 */
const BUCKETS = 16;
const TAGS = Array.from({ length: BUCKETS }, (_, bucket) => `bb:{${bucket.toString(16).padStart(2, '0')}}:`);

function tag(firstByte: number | undefined): string {
  return TAGS[(firstByte ?? 0) % BUCKETS] as string;
}

/** The keys of one secret. @param ref its 16-byte reference */
export function secretKeys(ref: Buffer): { record: string; tombstone: string } {
  const prefix = tag(ref[0]);
  const hex = ref.toString('hex');
  return { record: `${prefix}s:${hex}`, tombstone: `${prefix}t:${hex}` };
}

/** The counter of one client and kind of request. @param client what stands for the client's address, in base64url */
export function rateLimitKey(kind: string, client: string): string {
  return `${tag(client.charCodeAt(client.length - 1))}l:${kind}:${client}`;
}

/** Fingerprints of the key-encryption keys that this store was used with: a hash by key id. */
export const KEY_CHECK_KEY = `${TAGS[0]}keys`;
