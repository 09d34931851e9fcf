import type { Tracing } from './tracing.port.js';
import type { TracingConfig } from '../config/sections/app.config.js';
import type { TracingLog } from './tracing.port.js';

/** Loads OpenTelemetry only when a collector is configured. */
export async function openTracing(config: TracingConfig, log: TracingLog): Promise<Tracing | undefined> {
  if (config.endpoint === undefined) return undefined;
  const { OtelTracing } = await import('./otel-tracing.js');
  return new OtelTracing({ ...config, endpoint: config.endpoint }, log);
}
