import type { FastifyReply } from 'fastify';

import { PROBLEM_TYPE, type ProblemError } from './problem.js';

/** Answers with problem details. */
export function sendProblem(reply: FastifyReply, problem: ProblemError): void {
  void reply
    .code(problem.kind.status)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    .send(problem.body(reply.request.id));
}
