import type { ExtraData } from '../../audit/events/audit-event.js';
import type { AuditRow } from './audit-search.repository.js';

/** An event as administrators see and export it. */
export interface AuditEntry {
  /** A bigint in digits: sequence * 16 + bucket. */
  readonly id: string;
  readonly createdAt: string;
  readonly ref: string;
  readonly action: string;
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly extra: ExtraData;
  readonly bucket: number;
  readonly sequence: string;
}

export function auditEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    createdAt: new Date(row.micros / 1_000).toISOString(),
    ref: row.ref,
    action: row.action,
    actor: row.actor,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    extra: row.extra_data,
    bucket: row.bucket,
    sequence: row.sequence,
  };
}
