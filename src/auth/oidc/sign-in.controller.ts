import { Controller, Inject, Optional, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Route } from '../../platform/route/route.decorator.js';
import {
  clearCookie,
  readCookie,
  SESSION_COOKIE,
  setCookie,
  SIGN_IN_COOKIE,
} from '../sessions/auth-cookies.js';
import { RedisSessions } from '../sessions/redis-sessions.js';
import { leadTo, ToLoginPage } from './login-page.filter.js';
import { OidcSignIn } from './oidc.sign-in.js';
import { signInOff } from './sign-in.errors.js';

/** Redirects of the browser to the provider and back: navigations, answered by redirects only. */
@ApiExcludeController()
@Controller('auth')
@UseFilters(ToLoginPage)
export class SignInController {
  constructor(
    @Optional() @Inject(OidcSignIn) private readonly signIn: OidcSignIn | undefined,
    private readonly sessions: RedisSessions,
  ) {}

  @Route('GET', 'login', { allow: 'unasked', limit: 'signIn' })
  async login(
    @Query('returnTo') returnTo: unknown,
    @Query('other') other: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { url, cookie } = await this.provider().begin(returnTo, other !== undefined);
    leadTo(reply.header('set-cookie', cookie), url);
  }

  @Route('GET', 'callback', { allow: 'unasked', limit: 'signIn' })
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { cookie } = request.headers;
    const query = request.url.split('?').slice(1).join('?');
    const { facts, returnTo } = await this.provider().finish(query, readCookie(cookie, SIGN_IN_COOKIE));
    const { token } = await this.sessions.begin(facts, readCookie(cookie, SESSION_COOKIE));
    const cookies = [setCookie(SESSION_COOKIE, token), clearCookie(SIGN_IN_COOKIE)];
    leadTo(reply.header('set-cookie', cookies), returnTo);
  }

  /** @throws ProblemError sign_in_off */
  private provider(): OidcSignIn {
    if (this.signIn === undefined) throw signInOff();
    return this.signIn;
  }
}
