import { createHmac, type KeyObject } from 'node:crypto';

import { isSame } from '../chain/audit-chain.js';
import { signingKey, type SigningKeys } from '../chain/audit-keys.js';

const LABEL = 'burnbag/compared/v1';
const VERSION = 1;
const BYTES = 1 + 8 + 32;

function macOf(key: KeyObject, bucket: number, runId: string): Buffer {
  return createHmac('sha256', key).update(`${LABEL}\n${bucket}\n${runId}`).digest();
}

/**
 * States that a bucket was compared with the database during this run of the server: version 1, key id (8
 * bytes), then HMAC-SHA-256 under the audit key. A server that does not restart does not go back, so the mark
 * is valid while the database is down.
 * @param runId of Redis' INFO
 */
export function comparisonMark(keys: SigningKeys, bucket: number, runId: string): Buffer {
  const { id, key } = signingKey(keys);
  const start = Buffer.alloc(9);
  start[0] = VERSION;
  start.writeBigInt64BE(BigInt(id), 1);
  return Buffer.concat([start, macOf(key, bucket, runId)]);
}

export function isMarkOf(mark: Buffer, keys: SigningKeys, bucket: number, runId: string): boolean {
  if (mark.length !== BYTES || mark[0] !== VERSION) return false;
  const key = keys.keys.get(Number(mark.readBigInt64BE(1)));
  return key !== undefined && isSame(mark.subarray(9), macOf(key, bucket, runId));
}
