import type { CustomDecorator } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * Who may use a route; what each word means under which settings, `access.rules.ts` says. `unasked` is for what plugins
 * serve, probes and metrics: nobody is even asked who they are, so that no cookie costs a round trip there.
 */
export type Access = 'everyone' | 'creators' | 'people' | 'admins' | 'receipts' | 'stats' | 'unasked';

/** What a route says of itself to the guard. */
export interface RouteAccess {
  readonly who: Access;
  /** Only for pages of the portal, also without a session: none may sign anybody in as somebody else. */
  readonly fromPortal?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
}

/** Says who may use this route. Without it nobody may. */
export const Allow = (who: Access, more: Omit<RouteAccess, 'who'> = {}): CustomDecorator =>
  RouteConfig({ access: { who, ...more } satisfies RouteAccess });
