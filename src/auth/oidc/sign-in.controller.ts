import { Controller, Get, HttpCode, Inject, Optional, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ProblemError } from '../../common/problem.js';
import { Allow } from '../access.decorator.js';
import { ANONYMOUS, type Principal } from '../principal.js';
import { localPath } from '../return-to.js';
import {
  clearCookie,
  readCookie,
  SESSION_COOKIE,
  setCookie,
  SIGN_IN_COOKIE,
} from '../sessions/auth-cookies.js';
import { SESSION_STORE, type SessionStore } from '../sessions/session-store.port.js';
import { OidcSignIn } from './oidc.sign-in.js';
import { signInOff } from './sign-in.errors.js';

const LOGIN_PAGE = '/login';

/**
 * The browser's way to the provider and back. The two navigations answer with redirects only: a problem leads to the
 * login page, which says it in words and offers to try again.
 */
@ApiExcludeController()
@Controller('auth')
export class SignInController {
  constructor(
    @Optional() @Inject(OidcSignIn) private readonly signIn: OidcSignIn | undefined,
    @Inject(SESSION_STORE) private readonly sessions: SessionStore,
  ) {}

  @Allow('everyone')
  @Get('login')
  async login(@Query('returnTo') returnTo: unknown, @Res() reply: FastifyReply): Promise<void> {
    await redirecting(reply, localPath(returnTo), async () => {
      const { url, cookie } = await this.provider().begin(returnTo);
      reply.header('set-cookie', cookie);
      return url;
    });
  }

  @Allow('everyone')
  @Get('callback')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await redirecting(reply, undefined, async () => {
      const { cookie } = request.headers;
      const query = request.url.split('?').slice(1).join('?');
      const { facts, returnTo } = await this.provider().finish(query, readCookie(cookie, SIGN_IN_COOKIE));
      const { token } = await this.sessions.begin(facts, readCookie(cookie, SESSION_COOKIE));
      reply.header('set-cookie', [setCookie(SESSION_COOKIE, token), clearCookie(SIGN_IN_COOKIE)]);
      return returnTo;
    });
  }

  /** Who is signed in. Asking counts as use: it renews the idle limit. */
  @Allow('everyone')
  @Get('session')
  async session(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Principal> {
    reply.header('cache-control', 'no-store');
    const token = readCookie(request.headers.cookie, SESSION_COOKIE);
    return (token === undefined ? undefined : await this.sessions.touch(token)) ?? ANONYMOUS;
  }

  /** @returns where to send the browser so that the provider forgets the person too; null: nowhere */
  @Allow('everyone')
  @Post('logout')
  @HttpCode(200)
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ logoutUrl: string | null }> {
    const token = readCookie(request.headers.cookie, SESSION_COOKIE);
    // Before anything that may fail: whoever signs out is signed out here, whatever the provider says.
    if (token !== undefined) await this.sessions.drop(token);
    reply.header('set-cookie', clearCookie(SESSION_COOKIE)).header('cache-control', 'no-store');
    return { logoutUrl: (await this.signIn?.logoutUrl()) ?? null };
  }

  /** @throws ProblemError sign_in_off */
  private provider(): OidcSignIn {
    if (this.signIn === undefined) throw signInOff();
    return this.signIn;
  }
}

/** @param returnTo kept for the next try @param work gives where the browser goes */
async function redirecting(
  reply: FastifyReply,
  returnTo: string | undefined,
  work: () => Promise<string>,
): Promise<void> {
  let location: string;
  try {
    location = await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const query = new URLSearchParams({ problem: error.kind.code, ...(returnTo && { returnTo }) });
    location = `${LOGIN_PAGE}?${query.toString()}`;
  }
  // The addresses hold codes and states: no cache keeps them, and no page hears where the browser came from.
  await reply
    .code(303)
    .headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .send();
}
