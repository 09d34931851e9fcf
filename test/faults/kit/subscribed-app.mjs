/** The built app with one more module, which registers a subscriber as a feature would. Takes the place of dist/main.js. */
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

await import(new URL('main.js', DIST).href);
