import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { principalOf, type Asking } from './request-principal.js';

/** The caller of the request: a `Principal`, which the guard has found. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest<Asking>()),
);
