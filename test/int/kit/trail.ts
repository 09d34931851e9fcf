import { randomBytes } from 'node:crypto';

import { AUDIT_ACTIONS } from '@burnbag/contract';

import type { AuditEvent } from '../../../src/audit/events/audit-event.js';
import { appendToChain, emptyHead, signHead, type ChainHead } from '../../../src/audit/chain/audit-chain.js';
import { AuditKeys, signingKey } from '../../../src/audit/chain/audit-keys.js';
import {
  addMissingHeads,
  insertEvents,
  lockHead,
  saveHead,
} from '../../../src/audit/chain/trail.repository.js';
import { Keyring } from '../../../src/crypto/keyring/keyring.js';
import type { Database } from '../../../src/database/database.port.js';

export const BUCKETS = Array.from({ length: 16 }, (_, bucket) => bucket);
const START = Date.UTC(2026, 10, 21, 14, 2);

/** An event of a bucket; `n` tells it from its neighbours, and every column is used by some. */
export function auditEvent(bucket: number, n: number): AuditEvent {
  return {
    bucket,
    streamId: `${START + n * 1_000}-${bucket}`,
    ref: `${n.toString(16).padStart(30, '0')}${bucket.toString(16).padStart(2, '0')}`,
    action: AUDIT_ACTIONS[n % AUDIT_ACTIONS.length] ?? 'created',
    at: START + n * 1_000 + bucket,
    actor: n % 3 === 0 ? null : 'anonymous',
    ipAddress: n % 4 === 0 ? null : '192.0.2.7',
    userAgent: n % 5 === 0 ? '' : 'Mozilla/5.0 (Größe; "x")\t😀',
    extra: n % 2 === 0 ? {} : { views: n, sealed: true, kind: 'text', é: '\u0001"\\' },
  };
}

export function newKeyring(id = 1): Keyring {
  return Keyring.of(id, randomBytes(32));
}

/** Appends as the relay does. @returns the new head */
export function append(
  database: Database,
  keys: AuditKeys,
  events: readonly AuditEvent[],
): Promise<ChainHead> {
  return database.transaction(async (queries) => {
    const [first] = events;
    const stored = first && (await lockHead(queries, first.bucket));
    if (!stored) throw new Error('the bucket is taken, or there are no events');
    const { rows, head } = appendToChain(stored.head, events, signingKey(keys.signing));
    await insertEvents(queries, rows);
    await saveHead(queries, head, rows.at(-1)?.streamId ?? '0-0');
    return head;
  });
}

export async function prepareTrail(database: Database, keys: AuditKeys): Promise<void> {
  await keys.ensureStored(database);
  const signing = signingKey(keys.signing);
  await addMissingHeads(
    database,
    BUCKETS.map((bucket) => signHead(emptyHead(bucket), signing)),
  );
}

/** A new trail of `perBucket` events in each bucket. @returns the heads, as Redis would keep them */
export async function fillTrail(
  database: Database,
  keys: AuditKeys,
  perBucket: number,
): Promise<Map<number, ChainHead>> {
  for (const table of ['audit_events', 'audit_set_aside', 'audit_chains', 'audit_keys'])
    await database.query(`DELETE FROM ${table}`);
  await prepareTrail(database, keys);
  const heads = new Map<number, ChainHead>();
  for (const bucket of BUCKETS) {
    const events = Array.from({ length: perBucket }, (_, n) => auditEvent(bucket, n + 1));
    heads.set(bucket, await append(database, keys, events));
  }
  return heads;
}
