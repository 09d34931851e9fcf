import { Injectable } from '@nestjs/common';

import type { SubscriberSource } from './audit-subscriber.js';

/**
 * Registers what reacts to audit events, see AuditSubscriber. A feature's module adds its subscriber in its constructor:
 * `subscribers.add(new URL('./mail.subscriber.js', import.meta.url), settings)`.
 */
@Injectable()
export class AuditSubscribers {
  private readonly sources: SubscriberSource[] = [];
  private isStarted = false;

  /**
   * @param module compiled file whose default export is a CreateSubscriber
   * @param settings structured-cloned into the database thread
   * @throws TypeError once the relay has been started
   */
  add(module: URL, settings?: unknown): void {
    if (this.isStarted)
      throw new TypeError('an audit subscriber is added in the constructor of a module, before the start');
    this.sources.push({ module: module.href, settings });
  }

  /** What the relay is started with; nothing can be added afterwards. */
  start(): readonly SubscriberSource[] {
    this.isStarted = true;
    return this.sources;
  }
}
