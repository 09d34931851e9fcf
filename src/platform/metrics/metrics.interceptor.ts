import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { MetricsService } from './metrics.service.js';

/**
 * Times every request by its route template; the raw URL, which may hold an id, is never a label. Uses
 * Fastify's response hook rather than Nest's interceptors: those run after the guards, so they miss what a
 * limit refused, and cost 10 us a request (docs/adr/0005).
 */
export class MetricsInterceptor {
  private readonly timers = new Map<string, Map<number, { observe(seconds: number): void }>>();

  constructor(private readonly metrics: MetricsService) {}

  /** Observes every answer of `app`. */
  register(app: FastifyInstance): void {
    app.addHook('onResponse', (request, reply, done) => {
      this.observe(request, reply);
      done();
    });
  }

  private observe({ method, routeOptions }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
    const route = routeOptions.url ?? 'unmatched';
    const key = `${method} ${route}`;
    let byStatus = this.timers.get(key);
    if (!byStatus) {
      byStatus = new Map();
      this.timers.set(key, byStatus);
    }
    let timer = byStatus.get(statusCode);
    if (!timer) {
      timer = this.metrics.requestTimer(method, route, statusCode);
      byStatus.set(statusCode, timer);
    }
    timer.observe(elapsedTime / 1000);
  }
}
