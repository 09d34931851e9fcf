import type { TrailAction } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { DATABASE, DatabaseAwayError, type Queries } from '../../database/database.port.js';
import type { ExtraData } from './audit-event.js';
import { TIMELINE_MOST, type TrailEntry } from './trail-entry.js';

interface EntryRow {
  readonly [column: string]: unknown;
  readonly action: TrailAction;
  readonly created_at: Date;
  readonly actor: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly extra_data: ExtraData;
}

/** The trail as features read it. */
@Injectable()
export class TimelineRepository {
  constructor(@Inject(DATABASE) private readonly database: Queries) {}

  /**
   * @param ref 16 bytes
   * @returns its events in order; of more than TIMELINE_MOST the first and the newest; undefined while the
   * database is unavailable
   */
  async timeline(ref: Buffer): Promise<readonly TrailEntry[] | undefined> {
    try {
      // A secret has one bucket, so its ids are in the order of its transitions. The newest events matter
      // most, and the first shows the creation: guesses between them may be omitted.
      const rows = await this.database.query<EntryRow>(
        `SELECT action, created_at, actor, ip_address, user_agent, extra_data FROM audit_events
         WHERE ref = $1 AND id IN (
           (SELECT id FROM audit_events WHERE ref = $1 ORDER BY id LIMIT 1)
           UNION (SELECT id FROM audit_events WHERE ref = $1 ORDER BY id DESC LIMIT ${TIMELINE_MOST - 1}))
         ORDER BY id`,
        [ref.toString('hex')],
      );
      return rows.map((row) => ({
        action: row.action,
        at: row.created_at.getTime(),
        actor: row.actor,
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
