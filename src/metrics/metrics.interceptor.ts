import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

import { MetricsService } from './metrics.service.js';

/** Times every routed request by its route template; the raw URL, which may hold an id, is never a label. */
@Injectable()
export class MetricsInterceptor implements NestInterceptor {
  private readonly timers = new Map<string, { observe(seconds: number): void }>();

  constructor(private readonly metrics: MetricsService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // The status is known, and the time whole, only when the answer has left.
    reply.raw.once('finish', () => this.observe(request, reply));
    return next.handle();
  }

  private observe(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? 'unmatched';
    const key = `${request.method} ${reply.statusCode} ${route}`;
    let timer = this.timers.get(key);
    if (!timer) {
      timer = this.metrics.requestTimer(request.method, route, reply.statusCode);
      this.timers.set(key, timer);
    }
    timer.observe(reply.elapsedTime / 1000);
  }
}
