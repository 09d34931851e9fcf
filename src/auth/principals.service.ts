import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';

import { ANONYMOUS, type Principal } from './principal.js';
import { readCookie, SESSION_COOKIE } from './sessions/auth-cookies.js';
import { SESSION_STORE, type SessionStore } from './sessions/session-store.port.js';
import { ApiTokens } from './tokens/api-tokens.service.js';

const BEARER = /^bearer(?: +|$)/i;
/** `1`: the page asks by itself, such as a chart that is refreshed. That is no use of the session. */
export const BACKGROUND_HEADER = 'x-burnbag-background';

/** Finds out on whose behalf a request is. */
@Injectable()
export class Principals {
  constructor(
    @Inject(SESSION_STORE) private readonly sessions: SessionStore,
    private readonly tokens: ApiTokens,
  ) {}

  /**
   * A token is what somebody chose to send, so it goes before the cookie, and a wrong one is refused. A cookie travels
   * by itself: without a session behind it, it is as good as none.
   * @throws ProblemError token_invalid, store_unavailable
   */
  async of(headers: IncomingHttpHeaders): Promise<Principal> {
    const { authorization, cookie } = headers;
    if (authorization !== undefined && BEARER.test(authorization)) {
      return this.tokens.authenticate(authorization.replace(BEARER, '').trim());
    }
    const session = readCookie(cookie, SESSION_COOKIE);
    if (session === undefined) return ANONYMOUS;
    const byItself = headers[BACKGROUND_HEADER] === '1';
    return (await (byItself ? this.sessions.peek(session) : this.sessions.touch(session))) ?? ANONYMOUS;
  }
}
