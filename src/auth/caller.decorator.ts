import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { principalOf, type Asking } from './request-principal.js';

/** On whose behalf the request is: a `Principal`, which the guard has found. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest<Asking>()),
);
