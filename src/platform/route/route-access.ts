import type { Access, RateLimitKind } from '@burnbag/contract';

/** What a route declares for the access guard; `access.rules.ts` defines each level. */
export interface RouteAccess {
  readonly who: Access;
  /** Only for pages of the portal, also without a session: no foreign page may sign a browser in. */
  readonly fromPortal?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Without it the route is forbidden to everyone. */
    access?: RouteAccess;
    /** The rate limit; 'none' for what costs less than counting it. */
    limit?: RateLimitKind | 'none';
  }
}
