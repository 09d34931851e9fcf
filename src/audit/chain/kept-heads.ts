import type { Queries } from '../../database/database.port.js';
import { BUCKETS, type ChainHead } from './audit-chain.js';
import type { AuditKeys } from './audit-keys.js';
import { verifyTrail, type Verdict } from '../verify/audit-verify.js';
import { decodeHead } from './chain-encoding.js';
import { finding } from '../verify/chain-finding.js';

/** The heads of the chains in Redis. */
export interface KeptHeads {
  readonly heads: ReadonlyMap<number, ChainHead>;
  /** Buckets whose stored head was never written by Burnbag. */
  readonly damaged: readonly number[];
}

/** @param stored by bucket, as Redis has them; null where it has none */
export function decodeKeptHeads(stored: readonly (Buffer | null)[]): KeptHeads {
  const heads = new Map<number, ChainHead>();
  const damaged: number[] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const bytes = stored[bucket] ?? null;
    const head = bytes === null ? undefined : decodeHead(bytes);
    if (head) heads.set(bucket, head);
    else if (bytes !== null) damaged.push(bucket);
  }
  return { heads, damaged };
}

/** {@link verifyTrail} with the heads of Redis, read beforehand: the database must have at least as much. */
export async function verifyKept(
  queries: Queries,
  keys: AuditKeys,
  { heads, damaged }: KeptHeads,
  progress?: { events: number },
): Promise<Verdict> {
  const verdict = await verifyTrail(queries, keys, { heads, ...(progress && { progress }) });
  const [bucket] = damaged;
  if ('broken' in verdict || bucket === undefined) return verdict;
  const sentence = 'the head that Redis keeps of the bucket cannot be read.';
  return { broken: finding('head changed', { bucket, sequence: 0 }, sentence) };
}
