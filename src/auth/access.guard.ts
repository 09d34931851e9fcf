import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

import { ProblemError } from '../platform/http/problem/problem.js';
import { sendProblem } from '../platform/http/problem/send-problem.js';
import type { RouteAccess } from '../platform/route/route-access.js';
import { refusal, type AccessSettings } from './access.rules.js';
import { requirePortal } from './csrf.js';
import { ANONYMOUS } from './principal.js';
import type { Principals } from './principals.service.js';
import { hasSessionCookie } from './sessions/auth-cookies.js';

/** Why a request is refused; undefined when it is allowed. */
type Verdict = ProblemError | undefined;
type Done = (error?: Error) => void;
type Check = (request: FastifyRequest) => Verdict | Promise<Verdict>;

/**
 * Checks the access rule of every route of the server, also of plugins; a route without a rule is closed. It
 * is a hook of Fastify and not a Nest guard: Nest knows only its own routes, and an asynchronous guard costs
 * each request a turn of the queue (docs/adr/0023). A caller without cookie and token is checked
 * synchronously.
 */
export class AccessGuard {
  private readonly origin: string;

  /** @param publicUrl PUBLIC_URL */
  constructor(
    private readonly principals: Pick<Principals, 'of'>,
    private readonly settings: AccessSettings,
    publicUrl: string,
  ) {
    this.origin = new URL(publicUrl).origin;
  }

  /** Guards the routes that are registered from here on. */
  register(app: FastifyInstance): void {
    app.decorateRequest('principal', null);
    app.addHook('onRoute', (route) => {
      // Made at the first request: later hooks may still set the access rule of the route.
      let check: Check | undefined;
      const before: RouteOptions['onRequest'] = (request, reply, done) => {
        check ??= this.checkFor(route.config?.access);
        const verdict = check(request);
        if (verdict === undefined) return done();
        // Answered here, since routes of plugins may have another error handler.
        if (verdict instanceof ProblemError) return sendProblem(reply, verdict);
        return void settle(verdict, reply, done);
      };
      route.onRequest = [before].concat(route.onRequest ?? []);
    });
  }

  private checkFor(access: RouteAccess | undefined): Check {
    if (access?.who === 'unasked') return () => undefined;
    const stranger = refusal(access?.who, ANONYMOUS, this.settings);
    return (request) => {
      const { cookie, authorization } = request.raw.headers;
      const saysNothing = authorization === undefined && !hasSessionCookie(cookie);
      return saysNothing && access?.fromPortal !== true ? stranger : this.ask(request, access);
    };
  }

  private async ask(request: FastifyRequest, access: RouteAccess | undefined): Promise<Verdict> {
    const { method, headers } = request;
    try {
      requirePortal(method, headers, this.origin, access?.fromPortal ?? false);
      request.principal = await this.principals.of(headers);
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
    return refusal(access?.who, request.principal, this.settings);
  }
}

async function settle(asked: Promise<Verdict>, reply: FastifyReply, done: Done): Promise<void> {
  let verdict: Verdict;
  try {
    verdict = await asked;
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  return verdict ? sendProblem(reply, verdict) : done();
}
