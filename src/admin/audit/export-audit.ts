import { Readable } from 'node:stream';

import type { AuditEntry } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';

import { orUnavailable } from '../../database/or-unavailable.js';
import { auditEntry } from './audit-entry.js';
import type { AuditFilter } from './audit-filter.js';
import type { ExportFormat } from './audit-query.dto.js';
import { AuditSearchRepository, type AuditRow } from './audit-search.repository.js';

/** Rows in memory at a time: few, so that neither requests nor the relay are delayed. */
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
 * RFC 4180 with its CRLF. A value that a spreadsheet would treat as a formula gets an apostrophe prefix:
 * clients choose user agents freely (OWASP, CSV Injection).
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

/** A running export. */
export interface AuditExport {
  /** Text; fails with DatabaseAwayError when the database disconnects in the middle. */
  readonly body: Readable;
  /** Number of exported events so far. */
  readonly events: number;
}

/** Exports events, newest first, a batch at a time and no faster than they are read. */
@Injectable()
export class ExportAudit {
  constructor(private readonly repository: AuditSearchRepository) {}

  /**
   * Resolves with the first batch, so that an unavailable database is still answered with a problem. @throws
   * ProblemError store_unavailable
   */
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
