import type { Overview, OverviewRange } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';

import { nothing, spans } from '../../stats/counts.js';
import { HourlyCounts } from '../../stats/hourly-counts.js';

/** Number and hours of the spans of each range. */
const RANGES = {
  day: { count: 24, hours: 1 },
  week: { count: 28, hours: 6 },
  month: { count: 31, hours: 24 },
} as const satisfies Record<OverviewRange, { count: number; hours: number }>;

/** Counts of the last day, week or month, for charts. */
@Injectable()
export class ReadOverview {
  constructor(private readonly hourly: HourlyCounts) {}

  /** @throws ProblemError store_unavailable */
  async execute(range: OverviewRange): Promise<Overview> {
    const { now, hour, liveNow, counts } = await this.hourly.read();
    const { count, hours } = RANGES[range];
    const shown = spans(count, hours, hour);
    const total = nothing();
    for (const { hour: at, field, times } of counts) {
      const span = shown.at(at);
      if (!span) continue;
      span[field] += times;
      total[field] += times;
    }
    return { asOf: new Date(now).toISOString(), range, liveNow, total, spans: shown.list };
  }
}
