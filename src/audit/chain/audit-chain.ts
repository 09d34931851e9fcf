import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

import type { TrailAction } from '@burnbag/contract';

import { storableText } from '../../common/storable-text.js';
import type { AuditEvent, ExtraData } from '../events/audit-event.js';
import { encodeHeadFields, encodeRow, type ChainHead, type RowFields } from './chain-encoding.js';
import { jsonbText } from '../events/json-text.js';

export type { ChainHead } from './chain-encoding.js';

export const BUCKETS = 16;
const HASH_BYTES = 32;

/** The key of a chain: HMAC-SHA-256, derived from the key-encryption key of the same id. */
export interface AuditKey {
  readonly id: number;
  readonly key: KeyObject;
}

/** Input of a row of the chain. */
export interface ChainableEvent extends Omit<AuditEvent, 'action'> {
  readonly action: TrailAction;
}

/** An event with its position, as the table audit_events keeps it. */
export interface ChainedEvent extends ChainableEvent {
  /** sequence * 16 + bucket, so that an edited id is found. */
  readonly id: number;
  /** From 1 in each bucket, without gaps. */
  readonly sequence: number;
  readonly keyId: number;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
  /** `extra` as PostgreSQL prints it. */
  readonly extraText: string;
}

const NO_HASH = Buffer.alloc(HASH_BYTES);
const NO_SIGNATURE = Buffer.alloc(0);

/** @returns the id of the row at a position */
export function idOf(bucket: number, sequence: number): number {
  return sequence * BUCKETS + bucket;
}

/** The head of a chain without events. Not signed: {@link signHead} makes it one that can be stored. */
export function emptyHead(bucket: number): ChainHead {
  return {
    bucket,
    sequence: 0,
    hash: NO_HASH,
    floorSequence: 0,
    floorHash: NO_HASH,
    keyId: 0,
    signature: NO_SIGNATURE,
  };
}

/** HMAC-SHA-256 over the row (docs/audit.md) after the event whose hash is `previousHash`. */
export function hashOf(row: RowFields, previousHash: Buffer, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(encodeRow(row, previousHash)).digest();
}

/**
 * Chains events after a head. Texts are escaped for PostgreSQL (NUL and lone surrogates): store the rows, not
 * the events that they were made from.
 * @param events of the head's bucket, in the order in which they happened
 * @returns the rows to insert, and the signed head to store in the same transaction
 */
export function appendToChain(
  head: ChainHead,
  events: readonly ChainableEvent[],
  { id: keyId, key }: AuditKey,
): { rows: ChainedEvent[]; head: ChainHead } {
  let { sequence, hash: previousHash } = head;
  const texts = new Map<ExtraData, string>();
  const textOf = (extra: ExtraData): string => {
    const text = texts.get(extra) ?? jsonbText(extra);
    texts.set(extra, text);
    return text;
  };
  const rows = events.map((event): ChainedEvent => {
    if (event.bucket !== head.bucket) throw new RangeError('the event belongs to another bucket');
    sequence += 1;
    const row = {
      id: idOf(event.bucket, sequence),
      ref: storableText(event.ref),
      action: event.action,
      actor: orNull(event.actor),
      ipAddress: orNull(event.ipAddress),
      userAgent: orNull(event.userAgent),
      at: event.at,
      extra: event.extra,
      extraText: textOf(event.extra),
      bucket: event.bucket,
      streamId: event.streamId,
      sequence,
      keyId,
    };
    const hash = hashOf({ ...row, createdAtMicros: BigInt(row.at) * 1_000n }, previousHash, key);
    const chained = { ...row, previousHash, hash };
    previousHash = hash;
    return chained;
  });
  return { rows, head: signHead({ ...head, sequence, hash: previousHash }, { id: keyId, key }) };
}

/** @returns the head signed with the key, whatever signed it before */
export function signHead(head: Omit<ChainHead, 'keyId' | 'signature'>, key: AuditKey): ChainHead {
  const { bucket, sequence, hash, floorSequence, floorHash } = head;
  const unsigned = { bucket, sequence, hash, floorSequence, floorHash, keyId: key.id };
  return { ...unsigned, signature: signatureOf(unsigned, key.key) };
}

/** @param key the one that the head names */
export function headAuthentic(head: ChainHead, key: KeyObject): boolean {
  return isSame(head.signature, signatureOf(head, key));
}

/** Compares in constant time; values of different length differ. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function signatureOf(head: Omit<ChainHead, 'signature'>, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(encodeHeadFields(head)).digest();
}

function orNull(text: string | null): string | null {
  return text === null ? null : storableText(text);
}
