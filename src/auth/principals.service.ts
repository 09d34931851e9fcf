import type { Principal } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';

import { ANONYMOUS } from './principal.js';
import { readCookie, SESSION_COOKIE } from './sessions/auth-cookies.js';
import { RedisSessions } from './sessions/redis-sessions.js';
import { ApiTokens } from './tokens/api-tokens.service.js';

const BEARER = /^bearer(?: +|$)/i;
/**
 * `1`: an automatic request of the page, such as a refreshed chart. It does not count as use of the session.
 */
const BACKGROUND_HEADER = 'x-burnbag-background';

/** Finds the caller of a request. */
@Injectable()
export class Principals {
  constructor(
    private readonly sessions: RedisSessions,
    private readonly tokens: ApiTokens,
  ) {}

  /**
   * A token is sent on purpose, so it takes precedence over the cookie, and an invalid one is refused. A
   * cookie is sent automatically: without a session it is ignored.
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
