import { Inject, Injectable } from '@nestjs/common';

import { DATABASE, DatabaseAwayError, type Queries } from '../database/database.port.js';
import type { AuditAction, ExtraData } from './audit-event.js';
import type { AuditTrail, TrailEntry } from './audit-trail.port.js';

/** More than any secret can have in earnest; a flood of guesses must not become a flood of rows. */
const MOST = 1_000;

interface EntryRow {
  readonly [column: string]: unknown;
  readonly action: AuditAction;
  readonly created_at: Date;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly extra_data: ExtraData;
}

@Injectable()
export class TimelineRepository implements AuditTrail {
  constructor(@Inject(DATABASE) private readonly database: Queries) {}

  async timeline(ref: Buffer): Promise<readonly TrailEntry[] | undefined> {
    try {
      // A secret has one bucket, so the order of its ids is the order of its transitions.
      const rows = await this.database.query<EntryRow>(
        `SELECT action, created_at, ip_address, user_agent, extra_data FROM audit_events
         WHERE ref = $1 ORDER BY id LIMIT ${MOST}`,
        [ref.toString('hex')],
      );
      return rows.map((row) => ({
        action: row.action,
        at: row.created_at.getTime(),
        ipAddress: row.ip_address,
        userAgent: row.user_agent,
        extra: row.extra_data,
      }));
    } catch (error) {
      if (error instanceof DatabaseAwayError) return undefined;
      throw error;
    }
  }
}
