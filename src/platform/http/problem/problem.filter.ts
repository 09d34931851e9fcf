import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { errorToProblem } from './error-to-problem.js';
import { sendProblem } from './send-problem.js';

/** Answers any error with problem details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const problem = errorToProblem(error, http.getRequest<FastifyRequest>());
    const reply = http.getResponse<FastifyReply>();
    if (!reply.sent) sendProblem(reply, problem);
  }
}
