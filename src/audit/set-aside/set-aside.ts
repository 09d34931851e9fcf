import { hash } from 'node:crypto';

import { SET_ASIDE } from '@burnbag/contract';

import { StatementError, type Transaction } from '../../database/database.port.js';
import { BUCKETS, type ChainableEvent } from '../chain/audit-chain.js';
import type { AuditEvent, ExtraData } from '../events/audit-event.js';
import type { RefusedEvent } from '../outbox/outbox.port.js';
import { project } from '../events/projection.js';
import { applyProjection } from '../chain/trail.repository.js';

/**
 * Classes of SQLSTATE that concern the values of a row: data exception, integrity constraint, WITH CHECK
 * OPTION, program limit, an exception that a trigger raises. Every other refusal concerns the database, and
 * would hit any row.
 */
const ABOUT_VALUES = /^(22|23|44|54|P0)/;
/** Error of an encoder for a number that does not fit its field. */
const OUT_OF_RANGE = 'out_of_range';

/** @returns why the database refuses just these rows; undefined when the error has another cause */
export function refusalReason(error: unknown): string | undefined {
  if (error instanceof StatementError) return ABOUT_VALUES.test(error.code) ? error.code : undefined;
  return error instanceof RangeError ? OUT_OF_RANGE : undefined;
}

function unknownRef(bucket: number): string {
  return bucket.toString(BUCKETS).padStart(2, '0').padEnd(32, '0');
}

/**
 * The event that replaces a refused one in the chain: without any value that a client chose.
 * @param event the readable part of it
 * @param content its bytes, which are stored separately
 */
export function standIn(
  bucket: number,
  { streamId, reason }: RefusedEvent,
  event: AuditEvent | undefined,
  content: Buffer,
): ChainableEvent {
  const extra: ExtraData = {
    reason,
    bytes: content.length,
    sha256: hash('sha256', content),
    ...(event && { action: event.action }),
  };
  return {
    bucket,
    streamId,
    ref: event?.ref ?? unknownRef(bucket),
    action: SET_ASIDE,
    at: event?.at ?? Number(streamId.split('-')[0]),
    actor: null,
    ipAddress: null,
    userAgent: null,
    extra,
  };
}

/**
 * Applies a refused event to the table of secrets all the same, without its texts; ignores a second refusal.
 */
export async function projectRefused(queries: Transaction, event: AuditEvent): Promise<void> {
  await queries.query('SAVEPOINT refused');
  try {
    await applyProjection(queries, project([{ ...event, actor: null }]));
  } catch (error) {
    if (refusalReason(error) === undefined) throw error;
    await queries.query('ROLLBACK TO SAVEPOINT refused');
  }
}
