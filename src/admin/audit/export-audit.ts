import { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';

import { orUnavailable } from '../../database/or-unavailable.js';
import { auditEntry, type AuditEntry } from './audit-entry.js';
import type { AuditFilter } from './audit-filter.js';
import type { ExportFormat } from './audit-query.dto.js';
import { AuditSearchRepository, type AuditRow } from './audit-search.repository.js';

/** Rows that are in memory at a time: small, so that neither requests nor the relay wait for one. */
const BATCH = 500;
const COLUMNS = [
  'id',
  'createdAt',
  'ref',
  'action',
  'actor',
  'ipAddress',
  'userAgent',
  'extra',
  'bucket',
  'sequence',
] as const satisfies readonly (keyof AuditEntry)[];

/**
 * RFC 4180 with its CRLF. What a spreadsheet would take for a formula gets an apostrophe before it: user agents are
 * whatever somebody sent (OWASP, CSV Injection).
 */
function csv(rows: readonly AuditEntry[], first: boolean): string {
  return stringify(
    rows.map(({ extra, ...row }) => ({ ...row, extra: JSON.stringify(extra) })),
    { columns: [...COLUMNS], header: first, record_delimiter: 'windows', escape_formulas: true },
  );
}

function ndjson(rows: readonly AuditEntry[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const WRITE: Readonly<Record<ExportFormat, (rows: readonly AuditEntry[], first: boolean) => string>> = {
  csv,
  ndjson,
};

/** An export that has begun. */
export interface AuditExport {
  /** Text; fails with DatabaseAwayError when the database goes away in the middle. */
  readonly body: Readable;
  /** Events that were handed over so far. */
  readonly events: number;
}

/** Writes events out, newest first, a batch at a time and no faster than they are read. */
@Injectable()
export class ExportAudit {
  constructor(private readonly repository: AuditSearchRepository) {}

  /** Resolves with the first batch at hand, so that a database that is away is still a refusal. @throws ProblemError store_unavailable */
  async execute(filter: AuditFilter, format: ExportFormat): Promise<AuditExport> {
    const first = await orUnavailable(this.repository.search(filter, BATCH));
    const progress = { events: 0 };
    const text = this.batches(filter, first);
    const written = async function* (): AsyncGenerator<string> {
      for await (const rows of text) {
        const batch = WRITE[format](rows.map(auditEntry), progress.events === 0);
        progress.events += rows.length;
        if (batch !== '') yield batch;
      }
    };
    const body = Readable.from(written(), { highWaterMark: 1 });
    return Object.assign(progress, { body });
  }

  private async *batches(
    filter: AuditFilter,
    first: readonly AuditRow[],
  ): AsyncGenerator<readonly AuditRow[]> {
    for (let rows = first; ;) {
      yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      rows = await this.repository.search(filter, BATCH, last);
    }
  }
}
