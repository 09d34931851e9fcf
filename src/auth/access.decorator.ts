import type { Access } from '@burnbag/contract';
import type { CustomDecorator } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/** Access rule of a route, for the guard. */
export interface RouteAccess {
  readonly who: Access;
  /**
   * Only for pages of the portal, also without a session: another site must not sign a person in under
   * another account.
   */
  readonly fromPortal?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
}

/** Sets who may use this route. Without it the route is closed. */
export const Allow = (who: Access, more: Omit<RouteAccess, 'who'> = {}): CustomDecorator =>
  RouteConfig({ access: { who, ...more } satisfies RouteAccess });
