import { Controller, Get, HttpCode, Inject, Logger, Optional, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { OpenedAnswer } from '../common/answers.openapi.js';
import { ValidBody } from '../common/valid-body.js';
import { RateLimit } from '../rate-limit/rate-limit.decorator.js';
import { Allow } from './access.decorator.js';
import { ACCESS_SETTINGS, refusal, type AccessSettings } from './access.rules.js';
import { AuthProblems } from './auth.openapi.js';
import { Caller } from './caller.decorator.js';
import { LocalAdmin } from './local-admin/local-admin.service.js';
import { OidcSignIn } from './oidc/oidc.sign-in.js';
import type { Principal } from './principal.js';
import { LocalSignInDto, SessionDto, SignedOutDto } from './session.dto.js';
import { clearCookie, readCookie, SESSION_COOKIE, setCookie } from './sessions/auth-cookies.js';
import { SESSION_STORE, type SessionFacts, type SessionStore } from './sessions/session-store.port.js';

/** The session of a browser: its person, its begin with a password, its end. */
@ApiTags('auth')
@Controller('auth')
export class SessionController {
  private readonly logger = new Logger(SessionController.name);

  constructor(
    private readonly localAdmin: LocalAdmin,
    @Optional() @Inject(OidcSignIn) private readonly oidc: OidcSignIn | undefined,
    @Inject(SESSION_STORE) private readonly sessions: SessionStore,
    @Inject(ACCESS_SETTINGS) private readonly settings: AccessSettings,
  ) {}

  @Allow('everyone')
  @Get('session')
  @RateLimit('status')
  @ApiOperation({ summary: 'Read who is signed in, and how to sign in; counts as use of the session' })
  @OpenedAnswer(200, SessionDto)
  @AuthProblems()
  session(@Caller() caller: Principal): SessionDto {
    return {
      authMode: this.settings.mode,
      signIn: { oidc: this.oidc !== undefined, local: this.localAdmin.exists },
      mayCreate: refusal('creators', caller, this.settings) === undefined,
      principal: caller,
    };
  }

  @Allow('everyone', { fromPortal: true })
  @Post('local')
  @HttpCode(200)
  @RateLimit('signIn')
  @ApiOperation({ summary: 'Sign in as the local administrator; the answer sets the session cookie' })
  @ApiBody({ type: LocalSignInDto })
  @OpenedAnswer(200, SessionDto)
  @AuthProblems(
    'validation_failed',
    'csrf_refused',
    'sign_in_wrong',
    'sign_in_locked',
    'sign_in_busy',
    'local_sign_in_off',
  )
  async local(
    @ValidBody(LocalSignInDto) typed: LocalSignInDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    const { ip, headers } = request;
    const subject = await this.localAdmin.signIn({ ...typed, ip });
    const facts: SessionFacts = { subject, name: subject, isAdmin: true, via: 'local' };
    const { token, handle } = await this.sessions.begin(facts, readCookie(headers.cookie, SESSION_COOKIE));
    this.logger.log({ session: handle }, 'the local administrator signed in');
    void reply.header('set-cookie', setCookie(SESSION_COOKIE, token));
    return this.session({ kind: 'person', ...facts, sessionId: handle });
  }

  @Allow('everyone')
  @Post('logout')
  @HttpCode(200)
  @RateLimit('status')
  @ApiOperation({ summary: 'End the session; idempotent' })
  @OpenedAnswer(200, SignedOutDto)
  @AuthProblems('csrf_refused')
  async logout(
    @Caller() caller: Principal,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedOutDto> {
    const token = readCookie(headers.cookie, SESSION_COOKIE);
    // Before anything that may fail: the person is signed out here, whatever the provider answers.
    if (token !== undefined) await this.sessions.drop(token);
    void reply.header('set-cookie', clearCookie(SESSION_COOKIE));
    const local = caller.kind === 'person' && caller.via === 'local';
    return { logoutUrl: (local ? undefined : await this.oidc?.logoutUrl()) ?? null };
  }
}
