/** The built app with one more module, which registers a subscriber as a feature would. Does what src/main.ts does. */
import 'reflect-metadata';

import { Inject, Module } from '@nestjs/common';

const DIST = new URL('../../../dist/', import.meta.url);
const { AppModule } = await import(new URL('app.module.js', DIST).href);
const { AuditModule } = await import(new URL('audit/audit.module.js', DIST).href);
const { AuditSubscribers } = await import(new URL('audit/subscriber/audit-subscribers.js', DIST).href);

class SubscribedModule {
  table = 'copied';

  constructor(subscribers) {
    subscribers.add(new URL('./copying.subscriber.mjs', import.meta.url), { table: this.table });
  }
}
Inject(AuditSubscribers)(SubscribedModule, undefined, 0);
Module({ imports: [AuditModule] })(SubscribedModule);

const imports = Reflect.getMetadata('imports', AppModule);
Reflect.defineMetadata('imports', [...imports, SubscribedModule], AppModule);

const { createLogger } = await import(new URL('platform/logging/logger.js', DIST).href);
const { createApp } = await import(new URL('bootstrap.js', DIST).href);
const { serverConfig } = await import(new URL('platform/config/sections/app.config.js', DIST).href);
const { endOnSignal } = await import(new URL('shutdown.js', DIST).href);
const { host, port, publicUrl, logLevel, drainSeconds, drainDelaySeconds } = serverConfig();
const loggers = createLogger(logLevel);
const app = await createApp(loggers);
endOnSignal(app, { delaySeconds: drainDelaySeconds, drainSeconds, flush: loggers.flush });
await app.listen(port, host);
process.stdout.write(`Burnbag is ready at ${publicUrl}\n`);
