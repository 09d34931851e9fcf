import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

/**
 * Tells a collector of traces what happens when. It hears names from closed sets, counts and times: never a reference,
 * an id, an address, a URL or content.
 */
export interface Tracing {
  /**
   * Follows every request of `app`, by its route template.
   * @param heedsParent whether the traceparent header of a request counts: any client could decide by it what is sampled
   */
  follow(app: FastifyInstance, heedsParent: (request: IncomingMessage) => boolean): void;
  /** Runs a Redis script as a step of the request under way, if there is one. @param name the script's file name */
  script<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** The relay has moved events of a bucket into the database. @param since ms since the epoch */
  relayed(bucket: number, events: number, since: number): void;
  /** Delivers what is waiting, within two seconds. */
  stop(): Promise<void>;
}
/** Injects `Tracing | undefined`: undefined where no collector is configured. */
export const TRACING = Symbol('Tracing');
