import { BUCKETS, emptyHead, headAuthentic, type ChainHead } from './audit-chain.js';
import type { VerifyingKeys } from './audit-keys.js';
import { keySentence } from '../verify/chain-diagnosis.js';
import { finding, type Finding } from '../verify/chain-finding.js';
import { readHead } from './chain-row.js';
import type { StoredHead } from './chain.repository.js';

const PLACES: ReadonlySet<number> = new Set(Array.from({ length: BUCKETS }, (_, bucket) => bucket));

/**
 * A bucket without a head is one whose head was removed, except while the very first start writes them.
 * @returns the heads of all buckets when each is there and authentic, else the first finding
 */
export function checkHeads(
  stored: readonly StoredHead[],
  keys: VerifyingKeys,
): { heads: Map<number, ChainHead> } | { broken: Finding } {
  const heads = new Map<number, ChainHead>();
  const isNew = stored.every(({ sequence }) => sequence === '0');
  const extra = stored.find(({ bucket }) => !PLACES.has(bucket));
  if (extra) return { broken: headFinding(extra.bucket, 0, `there is no bucket ${extra.bucket}.`) };
  for (const bucket of PLACES) {
    const row = stored.find((each) => each.bucket === bucket);
    if (!row && !isNew)
      return { broken: headFinding(bucket, 0, 'the signed head of the bucket is missing.') };
    const head = row ? readHead(row) : emptyHead(bucket);
    if (!head) return { broken: headFinding(bucket, 0, 'the head holds values that Burnbag never writes.') };
    const broken = row && checkSignature(head, keys, 'the head of the bucket in audit_chains');
    if (broken) return { broken };
    heads.set(bucket, head);
  }
  return { heads };
}

/** @param what names the head in the sentence */
export function checkSignature(head: ChainHead, keys: VerifyingKeys, what: string): Finding | undefined {
  const { bucket, sequence, keyId } = head;
  const key = keys.keyFor(keyId);
  if (key && headAuthentic(head, key.key)) return undefined;
  const isEdited = keys.ids.some((id) => {
    const other = keys.keyFor(id);
    return other !== undefined && headAuthentic({ ...head, keyId: id }, other.key);
  });
  if (!key && !isEdited) {
    return finding('key unknown', { bucket, sequence }, `${what}: ${keySentence(String(keyId))}`);
  }
  return headFinding(bucket, sequence, `${what} does not fit its signature.`);
}

/**
 * Compares the database with what Redis was told last.
 * @returns undefined when the database is at least as far
 */
export function compareHeads(kept: ChainHead, head: ChainHead | undefined): Finding | undefined {
  const { bucket } = kept;
  const sequence = head?.sequence ?? 0;
  if (kept.sequence > sequence) {
    const sentence = `the database ends at sequence ${sequence}, but Redis keeps a signed head of sequence ${kept.sequence}: the database is an older copy, or its end was cut off together with its head.`;
    return finding('tail cut off', { bucket, sequence: sequence + 1 }, sentence);
  }
  return undefined;
}

/** A head of Redis whose event has another hash in the database. */
export function forked(kept: ChainHead): Finding {
  const sentence = `Redis keeps a signed head of another event at this position: the database was an older copy, and went on from there.`;
  return finding('tail cut off', kept, sentence);
}

function headFinding(bucket: number, sequence: number, sentence: string): Finding {
  return finding('head changed', { bucket, sequence }, sentence);
}
