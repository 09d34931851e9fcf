import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { API_BASE } from '@burnbag/contract';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';

import { badRequest, uriTooLong } from './problem/common.errors.js';
import type { AppLogger } from '../logging/logger.js';
import { unknownMethod } from './problem/missing-route.js';
import { sendProblem } from './problem/send-problem.js';
import type { SecretsConfig, ServerConfig } from '../config/sections/app.config.js';
import { refuseCodedBodies } from './body/coded-bodies.js';
import { drainBodies } from './body/drain-body.js';
import { resolveClientAddresses, trustedProxies, type TrustedProxies } from './client-address.js';
import { CONNECTION_LIMITS, endStalled, ignoreClosed, limitConnections } from './connection-limits.js';
import { ignoreEmptyBodies } from './body/empty-body.js';
import { forEveryServer } from './every-server.js';
import { takeJson } from './body/json-body.js';
import { overrideMethod } from './method-override.js';
import { ParserAnswers } from './parser-answers.js';
import { collectRoutes, isKnownMethod } from './openapi/route-table.js';
import { securityHeaders } from './security-headers.js';

const SMALL_BODY = 16_384;
/** Of one parameter of a path, in characters; receipts are the longest. */
const PARAMETER_MAX = 200;
/** JSON may write one byte as six (\u0000), and every field around the content fits into the rest. */
const ESCAPED = 6;

/** Largest body of a creation, in bytes. */
function createBodyLimit({ maxBytes }: SecretsConfig): number {
  return maxBytes * ESCAPED + SMALL_BODY;
}

/** Format of a proxy's request id: it appears in log lines and answers unchanged. */
const SAFE_REQUEST_ID = /^[\w.-]{1,64}$/;

/** Keeps the request id of a trusted proxy (X-Request-Id); any other peer could put its text into our log. */
function requestIds(proxies: TrustedProxies): (request: IncomingMessage) => string {
  return (request) => {
    const given = request.headers['x-request-id'];
    const isName = typeof given === 'string' && SAFE_REQUEST_ID.test(given);
    return isName && proxies.isPeer(request) ? given : randomUUID();
  };
}

const CREATE_ROUTE = `${API_BASE}/secrets`;

/** Fastify as Burnbag needs it: JSON only, small bodies, no automatic HEAD routes, nothing of a URL in the log. */
export function createHttpAdapter(
  server: ServerConfig,
  secrets: SecretsConfig,
  { logger }: Pick<AppLogger, 'logger'>,
): FastifyAdapter {
  const { api } = securityHeaders(server.publicUrl);
  const proxies = trustedProxies(server.trustProxy);
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    // Our lines carry the request id themselves; a child logger for each request would be wasted.
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    genReqId: requestIds(proxies),
    requestIdHeader: false,
    // Fastify's own lines carry the URL; logRequests writes ours.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'reqId' }),
    // Fastify would treat an IP address with a port, or any text, as a client: resolveClientAddresses reads
    // the header.
    trustProxy: false,
    bodyLimit: SMALL_BODY,
    // A HEAD route derived from a GET route that opens a secret would open it.
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // Requests on existing connections are served while the server drains, and answered with Connection:
    // close.
    return503OnClosing: false,
    // Cuts off slow senders; reading an answer may take as long as it takes, while it is read.
    requestTimeout: 30_000,
    connectionTimeout: CONNECTION_LIMITS.stallMs,
    keepAliveTimeout: 72_000,
    // The last hook before the route is chosen.
    rewriteUrl: (request: IncomingMessage) => {
      overrideMethod(request);
      return request.url ?? '/';
    },
    routerOptions: { maxParamLength: PARAMETER_MAX },
    // Node would answer without our headers: the hook below does it.
    http: { requireHostHeader: false },
    // Errors before routing: Fastify's own answer would repeat the URL.
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const isLong = 'code' in error && error.code === 'FST_ERR_MAX_PARAM_LENGTH';
      void reply.headers(api);
      sendProblem(reply, isLong ? uriTooLong(PARAMETER_MAX) : badRequest('The address cannot be read.'));
    },
  });
  const app: FastifyInstance = adapter.getInstance();
  resolveClientAddresses(app, proxies);
  app.removeContentTypeParser('text/plain');
  takeJson(app);
  ignoreEmptyBodies(app);
  collectRoutes(app);
  const parserAnswers = new ParserAnswers(api);
  forEveryServer(app, (each) => {
    endStalled(each);
    ignoreClosed(each);
    parserAnswers.register(each);
  });
  limitConnections(app, CONNECTION_LIMITS);
  app.addHook('onRoute', (route) => {
    if (route.url === CREATE_ROUTE && route.method === 'POST') route.bodyLimit = createBodyLimit(secrets);
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    void reply.headers(api);
    if (!isKnownMethod(raw.method)) return sendProblem(reply, unknownMethod(request));
    // RFC 9112, section 3.2
    if (raw.headers.host !== undefined || raw.httpVersion === '1.0') return done();
    sendProblem(reply, badRequest('An HTTP/1.1 request needs a Host header.'));
  });
  refuseCodedBodies(app);
  drainBodies(app);
  return adapter;
}
