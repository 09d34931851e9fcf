import { withoutTrailing } from '@burnbag/contract';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

import type { TracingLog } from './tracing.port.js';

const TIMEOUT_MS = 5_000;

export interface Collector {
  readonly endpoint: string;
  /** name=value, comma separated */
  readonly headers: string | undefined;
}

function headersOf(list = ''): Record<string, string> {
  const pairs = list.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  );
}

/**
 * OTLP over HTTP that logs once that the collector is unavailable, and once that it is back. Spans of an
 * outage are lost.
 */
export class CollectorExporter implements SpanExporter {
  private readonly inner: OTLPTraceExporter;
  private away = false;

  constructor(
    { endpoint, headers }: Collector,
    private readonly log: TracingLog,
  ) {
    const url = `${withoutTrailing(endpoint, '/')}/v1/traces`;
    this.inner = new OTLPTraceExporter({ url, headers: headersOf(headers), timeoutMillis: TIMEOUT_MS });
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.inner.export(spans, (result) => {
      this.note(result);
      // The processor would report every failure to a global handler.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  forceFlush(): Promise<void> {
    return this.inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  private note({ code, error }: ExportResult): void {
    const failed = code === ExportResultCode.FAILED;
    if (failed === this.away) return;
    this.away = failed;
    if (failed) this.log('warn', 'traces cannot be delivered', { reason: error?.message });
    else this.log('info', 'traces are delivered again');
  }
}
