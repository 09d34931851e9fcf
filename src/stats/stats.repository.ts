import type { TrailAction } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { DATABASE, type Queries } from '../database/database.port.js';

/** How often something happened in one hour. */
export interface HourCount {
  /** Hours since the epoch. */
  readonly hour: number;
  readonly action: TrailAction;
  readonly events: number;
}

@Injectable()
export class StatsRepository {
  constructor(@Inject(DATABASE) private readonly database: Queries) {}

  /** @throws DatabaseAwayError */
  async hours(): Promise<readonly HourCount[]> {
    return this.database.query<{ hour: number; action: TrailAction; events: number }>(
      `SELECT (extract(epoch FROM hour) / 3600)::bigint AS hour, action, sum(events)::bigint AS events
       FROM audit_hours GROUP BY 1, 2`,
    );
  }

  /** @param now ms. @throws DatabaseAwayError */
  async live(now: number): Promise<number> {
    const [row] = await this.database.query<{ live: number }>(
      "SELECT count(*) AS live FROM secrets WHERE state = 'live' AND expires_at > $1",
      [new Date(now)],
    );
    return row?.live ?? 0;
  }
}
