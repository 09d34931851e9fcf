import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../common/clock.js';
import { storeUnavailable } from '../common/store.errors.js';
import { auditConfig, type AuditConfig } from '../config/app.config.js';
import { DatabaseAwayError } from '../database/database.port.js';
import { REFUSED_HITS, type RefusedHits } from './refused-hits.port.js';
import { StatsRepository, type HourCount } from './stats.repository.js';

const HOUR_MS = 3_600_000;
const HOURS_SHOWN = 48;
const DAYS_SHOWN = 31;

/** How often each thing happened in a span of time. */
export interface Counts {
  created: number;
  viewed: number;
  burned: number;
  expired: number;
  locked: number;
  failedAttempts: number;
  rateLimited: number;
}

export interface Span extends Counts {
  /** ISO 8601, UTC */
  readonly start: string;
}

export interface Stats {
  readonly asOf: string;
  readonly liveNow: number;
  /** Since the oldest event that is kept. */
  readonly total: Counts;
  /** The last 48 hours, oldest first. */
  readonly hours: readonly Span[];
  /** The last 31 days of UTC, oldest first. */
  readonly days: readonly Span[];
}

const FIELDS: Readonly<Record<string, keyof Counts>> = {
  created: 'created',
  viewed: 'viewed',
  burned: 'burned',
  expired: 'expired',
  locked: 'locked',
  attempt_failed: 'failedAttempts',
};

function nothing(): Counts {
  return { created: 0, viewed: 0, burned: 0, expired: 0, locked: 0, failedAttempts: 0, rateLimited: 0 };
}

/** Spans of `hours` each, the last of which holds the hour `now`. */
function spans(
  count: number,
  hours: number,
  now: number,
): { at: (hour: number) => Counts | undefined; list: Span[] } {
  const last = Math.floor(now / hours);
  const list = Array.from({ length: count }, (_, index) => ({
    start: new Date((last - count + 1 + index) * hours * HOUR_MS).toISOString(),
    ...nothing(),
  }));
  return { list, at: (hour) => list[Math.floor(hour / hours) - last + count - 1] };
}

/** Counts what the trail records, by hour and day. */
@Injectable()
export class ReadStats {
  constructor(
    private readonly repository: StatsRepository,
    @Inject(REFUSED_HITS) private readonly refused: RefusedHits,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(auditConfig.KEY) private readonly config: AuditConfig,
  ) {}

  /** @throws ProblemError store_unavailable */
  async execute(): Promise<Stats> {
    const now = this.clock.now();
    const hour = Math.floor(now / HOUR_MS);
    const [counts, liveNow, limited] = await Promise.all([
      this.repository.hours(),
      this.repository.live(now),
      this.refused.byHour(hour - this.config.retentionDays * 24),
    ]).catch((error: unknown) => {
      if (!(error instanceof DatabaseAwayError)) throw error;
      throw storeUnavailable('The audit database does not answer. Try again in a moment.');
    });
    const total = nothing();
    const hours = spans(HOURS_SHOWN, 1, hour);
    const days = spans(DAYS_SHOWN, 24, hour);
    const add = (at: number, field: keyof Counts, events: number): void => {
      for (const target of [total, hours.at(at), days.at(at)]) if (target) target[field] += events;
    };
    for (const count of counts) addAction(count, add);
    for (const [at, hits] of limited) add(at, 'rateLimited', hits);
    return { asOf: new Date(now).toISOString(), liveNow, total, hours: hours.list, days: days.list };
  }
}

function addAction(
  { hour, action, events }: HourCount,
  add: (at: number, field: keyof Counts, events: number) => void,
): void {
  const field = FIELDS[action];
  if (field) add(hour, field, events);
}
