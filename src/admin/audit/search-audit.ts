import type { FoundEvents } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';

import { orUnavailable } from '../../database/or-unavailable.js';
import { cursorInvalid, pageOf } from '../page-cursor.js';
import { auditEntry } from './audit-entry.js';
import type { AuditFilter, AuditCursor } from './audit-filter.js';
import { AUDIT_CURSOR } from './audit-query.dto.js';
import { AuditSearchRepository } from './audit-search.repository.js';

// Longest valid cursor: a number of JavaScript, and a bigint.
const CURSOR = new RegExp(AUDIT_CURSOR);

function parseCursor(cursor: string | undefined): AuditCursor | undefined {
  if (cursor === undefined) return undefined;
  const [, micros, id] = CURSOR.exec(cursor) ?? cursorInvalid();
  return { micros: Number(micros), id: id ?? '' };
}

/** Searches the audit trail, page by page. */
@Injectable()
export class SearchAudit {
  constructor(private readonly repository: AuditSearchRepository) {}

  /** Newest first. @throws ProblemError validation_failed, store_unavailable */
  async execute(filter: AuditFilter, limit: number, cursor?: string): Promise<FoundEvents> {
    const found = await orUnavailable(this.repository.search(filter, limit + 1, parseCursor(cursor)));
    const { rows, nextCursor } = pageOf(found, limit, ({ micros, id }) => `${micros}-${id}`);
    return { events: rows.map(auditEntry), nextCursor };
  }
}
