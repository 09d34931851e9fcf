import { Injectable } from '@nestjs/common';

import { nothing, spans, type Counts, type Span } from '../../stats/counts.js';
import { HourlyCounts } from '../../stats/hourly-counts.js';

/** Number and hours of the spans of each range. */
const RANGES = {
  day: { count: 24, hours: 1 },
  week: { count: 28, hours: 6 },
  month: { count: 31, hours: 24 },
} as const;
export type Range = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as readonly Range[];

export interface Overview {
  readonly asOf: string;
  readonly range: Range;
  readonly liveNow: number;
  /** Of the whole range: the sum of its spans. */
  readonly total: Counts;
  /** Oldest first; the last one is still running. */
  readonly spans: readonly Span[];
}

/** Counts of the last day, week or month, for charts. */
@Injectable()
export class ReadOverview {
  constructor(private readonly hourly: HourlyCounts) {}

  /** @throws ProblemError store_unavailable */
  async execute(range: Range): Promise<Overview> {
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
