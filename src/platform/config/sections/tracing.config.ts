import { fraction, text } from '../config.schema.js';
import { endpointUrl } from '../endpoint-url.js';

function headerList(raw: string): string | undefined {
  return /^[\w-]+=[^,=]+(,[\w-]+=[^,]+)*$/.test(raw) ? undefined : 'must be name=value, comma separated';
}

/** Where traces are sent; the names are those of OpenTelemetry. */
export const tracingArea = {
  endpoint: text({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    doc: 'Base URL of an OpenTelemetry collector that accepts OTLP over HTTP (http://collector:4318). Empty: no traces.',
    fallback: undefined,
    check: endpointUrl({ schemes: ['http', 'https'], path: 'any' }),
  }),
  headers: text({
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    doc: 'Headers for the collector, as name=value, comma separated (api-key=...).',
    fallback: undefined,
    secret: true,
    check: headerList,
  }),
  serviceName: text({
    env: 'OTEL_SERVICE_NAME',
    doc: 'Name of this portal in traces.',
    fallback: 'burnbag',
  }),
  share: fraction({
    env: 'OTEL_TRACES_SAMPLER_ARG',
    doc: 'Share of requests that are traced, 0 to 1; requests that a trusted proxy traces already are always traced.',
    fallback: 1,
  }),
};
