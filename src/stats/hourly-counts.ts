import type { Counts, TrailAction } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../common/clock.js';
import { auditConfig, type AuditConfig } from '../platform/config/sections/app.config.js';
import { orUnavailable } from '../database/or-unavailable.js';
import { RedisRefusedHits } from './redis-refused-hits.js';
import { StatsRepository } from './stats.repository.js';

const HOUR_MS = 3_600_000;

/** What each action counts as; null: it is not counted. */
const FIELDS: Readonly<Record<TrailAction, keyof Counts | null>> = {
  created: 'created',
  viewed: 'viewed',
  view_retried: null,
  acknowledged: null,
  attempt_failed: 'failedAttempts',
  locked: 'locked',
  unlocked: null,
  burned: 'burned',
  expired: 'expired',
  set_aside: null,
};

/** All counts at one moment. */
export interface Counted {
  /** ms since the epoch */
  readonly now: number;
  /** The same in hours. */
  readonly hour: number;
  readonly liveNow: number;
  /** `times` of a thing in one hour since the epoch, since the oldest event that is kept; in no order. */
  readonly counts: readonly { readonly hour: number; readonly field: keyof Counts; readonly times: number }[];
}

/** Counts of events of the trail and of refused requests, by hour. */
@Injectable()
export class HourlyCounts {
  constructor(
    private readonly repository: StatsRepository,
    private readonly refused: RedisRefusedHits,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(auditConfig.KEY) private readonly config: AuditConfig,
  ) {}

  /** @throws ProblemError store_unavailable */
  async read(): Promise<Counted> {
    const now = this.clock.now();
    const hour = Math.floor(now / HOUR_MS);
    const answers = Promise.all([
      this.repository.hours(),
      this.repository.live(now),
      this.refused.byHour(hour - this.config.retentionDays * 24),
    ]);
    const [recorded, liveNow, limited] = await orUnavailable(answers);
    const counts = recorded.flatMap(({ hour: at, action, events }) => {
      const field = FIELDS[action];
      return field ? [{ hour: at, field, times: events }] : [];
    });
    const refusals = [...limited].map(([at, times]) => ({ hour: at, field: 'rateLimited' as const, times }));
    return { now, hour, liveNow, counts: [...counts, ...refusals] };
  }
}
