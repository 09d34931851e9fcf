import type { AuditEntry } from '@burnbag/contract';

import type { AuditRow } from './audit-search.repository.js';

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
