import { Injectable } from '@nestjs/common';

import { nothing, spans, type Counts, type Span } from './counts.js';
import { HourlyCounts } from './hourly-counts.js';

const HOURS_SHOWN = 48;
const DAYS_SHOWN = 31;

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

/** Counts events of the trail, by hour and day. */
@Injectable()
export class ReadStats {
  constructor(private readonly hourly: HourlyCounts) {}

  /** @throws ProblemError store_unavailable */
  async execute(): Promise<Stats> {
    const { now, hour, liveNow, counts } = await this.hourly.read();
    const total = nothing();
    const hours = spans(HOURS_SHOWN, 1, hour);
    const days = spans(DAYS_SHOWN, 24, hour);
    for (const { hour: at, field, times } of counts) {
      for (const target of [total, hours.at(at), days.at(at)]) if (target) target[field] += times;
    }
    return { asOf: new Date(now).toISOString(), liveNow, total, hours: hours.list, days: days.list };
  }
}
