import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Tracing } from './tracing.port.js';
import type { TracingConfig } from '../config/sections/app.config.js';
import type { TracingLog } from './tracing.port.js';
import { CollectorExporter, type Collector } from './otel-exporter.js';

const STOP_MS = 2_000;
const SERVER_FAULT = 500;
const UNTRACED = /^\/(health|metrics)\b/;

/**
 * OpenTelemetry without its automatic instrumentation, whose attributes hold URLs, IP addresses and commands.
 */
export class OtelTracing implements Tracing {
  private readonly provider: TracerProvider;
  private readonly tracer: ReturnType<TracerProvider['getTracer']>;
  /** The current request. */
  private readonly current = new AsyncLocalStorage<Context>();
  private readonly spans = new WeakMap<FastifyRequest, Span>();

  constructor(config: TracingConfig & Collector, log: TracingLog) {
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': config.serviceName,
        'service.instance.id': randomUUID(),
      }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.share) }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new CollectorExporter(config, log) })],
    });
    this.tracer = this.provider.getTracer('burnbag');
  }

  follow(app: FastifyInstance, heedsParent: (request: IncomingMessage) => boolean): void {
    app.addHook('onRequest', (request, _reply, done) => {
      const route = request.routeOptions.url ?? 'unmatched';
      if (!UNTRACED.test(route))
        this.spans.set(request, this.begin(request, route, heedsParent(request.raw)));
      done();
    });
    // Entered here and not earlier: reading a body loses a context that was entered before.
    app.addHook('preHandler', (request, _reply, done) => {
      const span = this.spans.get(request);
      if (span) this.current.run(trace.setSpan(ROOT_CONTEXT, span), done);
      else done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      const span = this.spans.get(request);
      span?.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= SERVER_FAULT) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
      done();
    });
  }

  async script<T>(name: string, run: () => Promise<T>): Promise<T> {
    const span = this.tracer.startSpan(
      `redis ${name}`,
      { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'redis', 'db.stored_procedure.name': name } },
      this.current.getStore() ?? ROOT_CONTEXT,
    );
    try {
      return await run();
    } catch (error) {
      // Its class only: a message may repeat what was sent.
      span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  relayed(bucket: number, events: number, since: number): void {
    const attributes = { 'burnbag.bucket': bucket, 'burnbag.events': events };
    this.tracer.startSpan('relay events', { startTime: since, attributes }, ROOT_CONTEXT).end();
  }

  async stop(): Promise<void> {
    await Promise.race([this.provider.shutdown(), delay(STOP_MS, undefined, { ref: false })]);
  }

  private begin(request: FastifyRequest, route: string, heedsParent: boolean): Span {
    const { method, headers } = request;
    const given = heedsParent && typeof headers.traceparent === 'string' ? headers.traceparent : '';
    const parent = parseTraceParent(given);
    return this.tracer.startSpan(
      `${method} ${route}`,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': route } },
      parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT,
    );
  }
}
