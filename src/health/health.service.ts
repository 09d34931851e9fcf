import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

import { STORE_PROBE, type StoreProbe } from './store-probe.port.js';

export interface HealthReport {
  readonly status: 'ok' | 'draining' | 'unavailable';
  readonly checks: { readonly redis: 'up' | 'down' };
  readonly uptimeSeconds: number;
}

@Injectable()
export class HealthService implements BeforeApplicationShutdown {
  private draining = false;

  constructor(@Inject(STORE_PROBE) private readonly redis: StoreProbe) {}

  /** Told before the server stops listening, so that balancers look elsewhere. */
  drain(): void {
    this.draining = true;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }

  async report(): Promise<HealthReport> {
    const up = await this.redis.answers();
    return {
      status: this.draining ? 'draining' : up ? 'ok' : 'unavailable',
      checks: { redis: up ? 'up' : 'down' },
      uptimeSeconds: Math.floor(process.uptime()),
    };
  }
}
