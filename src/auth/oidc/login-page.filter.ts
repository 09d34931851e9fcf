import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ProblemError } from '../../platform/http/problem/problem.js';
import { localPath } from '../return-to.js';

const LOGIN_PAGE = '/login';

/** Answers a navigation with a redirect. The URLs hold codes and states, so the Referer is suppressed. */
export function leadTo(reply: FastifyReply, location: string): void {
  void reply
    .code(303)
    .headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .send();
}

/** Redirects the browser to the login page, which explains the problem and offers to try again. */
@Catch(ProblemError)
export class ToLoginPage implements ExceptionFilter<ProblemError> {
  catch({ kind }: ProblemError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { query } = http.getRequest<FastifyRequest<{ Querystring: Record<string, unknown> }>>();
    const returnTo = localPath(query.returnTo);
    const parameters = new URLSearchParams({ problem: kind.code, ...(returnTo && { returnTo }) });
    leadTo(http.getResponse<FastifyReply>(), `${LOGIN_PAGE}?${parameters.toString()}`);
  }
}
