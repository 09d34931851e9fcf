import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

/** Where tracing reports its own state and errors. */
export type TracingLog = (level: 'info' | 'warn', message: string, fields?: Record<string, unknown>) => void;

/**
 * Sends traces to a collector. Only names from closed sets, counts and times: never a reference, an id, an IP
 * address, a URL or content.
 */
export interface Tracing {
  /**
   * Traces every request of `app`, by its route template.
   * @param heedsParent whether the traceparent header of a request counts: any client could use it to decide
   * what is sampled
   */
  follow(app: FastifyInstance, heedsParent: (request: IncomingMessage) => boolean): void;
  /**
   * Traces a Redis script as a span of the current request, if there is one. @param name the script's file
   * name
   */
  script<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** The relay has moved events of a bucket into the database. @param since ms since the epoch */
  relayed(bucket: number, events: number, since: number): void;
  /** Delivers pending spans, within two seconds. */
  stop(): Promise<void>;
}
/** Injects `Tracing | undefined`: undefined where no collector is configured. */
export const TRACING = Symbol('Tracing');
