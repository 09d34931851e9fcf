import type { Stats } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';

import { nothing, spans } from './counts.js';
import { HourlyCounts } from './hourly-counts.js';

const HOURS_SHOWN = 48;
const DAYS_SHOWN = 31;

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
