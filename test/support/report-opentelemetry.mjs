/** For `--import`: says each module of OpenTelemetry that a process loads, but for its bare API, which prom-client has. */
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, next) {
    if (/@opentelemetry\/(?!api\/)/.test(url)) process.stderr.write(`loaded ${url}\n`);
    return next(url, context);
  },
});
