import type { Access, ProblemCode } from '@burnbag/contract';
import {
  applyDecorators,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type Type,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOperation } from '@nestjs/swagger';

import { Answer, ProblemAnswers } from '../http/problem/answers.openapi.js';
import { problemKind } from '../http/problem/problem.js';
import { impliedProblems } from './implied-problems.js';
import './route-access.js';
import { RATE_LIMIT_RULE, ruleOf, type RouteLimit } from './route-limit.js';

type Method = keyof typeof RequestMethod;

/** What a route is: one declaration feeds the access guard, the rate limit and the OpenAPI document. */
export interface RouteDeclaration {
  readonly allow: Access;
  /** Only for pages of the portal, also without a session. */
  readonly fromPortal?: boolean;
  readonly limit: RouteLimit;
  /** One line for the OpenAPI document; left out for routes that it leaves out. */
  readonly summary?: string;
  /** The success: 200 without one. Without a body and a description the document has another decorator for it. */
  readonly answer?: {
    readonly status: number;
    readonly body?: Type;
    readonly description?: string;
  };
  /** Refusals of the handler. Those that `allow` and `limit` imply are added. */
  readonly problems?: readonly ProblemCode[];
}

/** @param path below that of the controller */
export function Route(
  method: Method,
  path: string | string[],
  { allow, fromPortal, limit, summary, answer, problems = [] }: RouteDeclaration,
): MethodDecorator {
  const rule = ruleOf(limit);
  const codes = new Set([...problems, ...impliedProblems(method, allow, rule)]);
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path }),
    RouteConfig({
      access: { who: allow, ...(fromPortal !== undefined && { fromPortal }) },
      limit: rule?.kind ?? 'none',
    }),
    ...(rule ? [SetMetadata(RATE_LIMIT_RULE, rule)] : []),
    ...(answer ? [HttpCode(answer.status), Answer(answer)] : []),
    ...(summary === undefined ? [] : [ApiOperation({ summary })]),
    ProblemAnswers([...codes].map(problemKind)),
  );
}
