import type { FastifyInstance } from 'fastify';

import { unsupportedEncoding } from '../problem/common.errors.js';
import { sendProblem } from '../problem/send-problem.js';

/**
 * Refuses a body whose Content-Encoding is not identity: a compressed body would be stored compressed, and
 * never decompressed. RFC 9110, section 15.5.16, asks for the Accept-Encoding of the answer.
 */
export function refuseCodedBodies(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const coding = request.headers['content-encoding']?.trim().toLowerCase();
    if (coding === undefined || coding === '' || coding === 'identity') done();
    else sendProblem(reply, unsupportedEncoding());
  });
}
