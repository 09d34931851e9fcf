import { Inject, Injectable } from '@nestjs/common';

import type { ExtraData } from '../../audit/events/audit-event.js';
import { DATABASE, type Queries, type Row, type SqlValue } from '../../database/database.port.js';
import type { AuditFilter, AuditCursor } from './audit-filter.js';

/**
 * A row of the trail without its hashes. Numbers that may have been changed to values that do not fit are
 * text.
 */
export interface AuditRow extends Row {
  readonly id: string;
  readonly sequence: string;
  readonly bucket: number;
  readonly ref: string;
  readonly action: string;
  readonly actor: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  /** Microseconds since the epoch. */
  readonly micros: number;
  readonly extra_data: ExtraData;
}

const COLUMNS = `id::text AS id, sequence::text AS sequence, bucket, ref, action, actor, ip_address, user_agent,
  (extract(epoch FROM created_at) * 1000000)::bigint AS micros, extra_data`;

/** Exact; a division of seconds would round. */
const timeOf = (micros: string) => `(timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond')`;

/** The condition of a filter, as SQL and its parameters. */
export function searchStatement(
  filter: AuditFilter,
  count: number,
  after?: AuditCursor,
): { sql: string; params: SqlValue[] } {
  const params: SqlValue[] = [];
  const bind = (value: SqlValue): string => `$${params.push(value)}`;
  const conditions: string[] = [];
  const { from, to, ref, actor, action, address } = filter;
  if (from !== undefined) conditions.push(`created_at >= ${bind(new Date(from))}`);
  if (to !== undefined) conditions.push(`created_at < ${bind(new Date(to))}`);
  if (ref !== undefined) conditions.push(`ref = ${bind(ref)}`);
  if (actor !== undefined) conditions.push(`actor = ${bind(actor)}`);
  // Repeated, since the index is partial.
  if (actor !== undefined && actor !== 'anonymous') conditions.push(`actor <> 'anonymous'`);
  // Not a parameter: the planner must see that the action is one of the index. It is one of TRAIL_ACTIONS.
  if (action !== undefined) conditions.push(`action = '${action}'`);
  if (address && 'exact' in address) conditions.push(`ip_address = ${bind(address.exact)}`);
  // Digits, letters, dots and colons: no wildcard of LIKE.
  if (address && 'prefix' in address) conditions.push(`ip_address LIKE ${bind(`${address.prefix}%`)}`);
  if (after) conditions.push(`(created_at, id) < (${timeOf(bind(after.micros))}, ${bind(after.id)}::bigint)`);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const sql = `SELECT ${COLUMNS} FROM audit_events ${where} ORDER BY created_at DESC, audit_events.id DESC LIMIT ${count}`;
  return { sql, params };
}

@Injectable()
export class AuditSearchRepository {
  constructor(@Inject(DATABASE) private readonly database: Queries) {}

  /** @param after the last one of the page before @returns newest first, at most `count` @throws DatabaseAwayError */
  search(filter: AuditFilter, count: number, after?: AuditCursor): Promise<AuditRow[]> {
    const { sql, params } = searchStatement(filter, count, after);
    return this.database.query<AuditRow>(sql, params);
  }
}
