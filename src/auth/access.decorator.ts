import type { Access } from '@burnbag/contract';
import type { CustomDecorator } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

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
