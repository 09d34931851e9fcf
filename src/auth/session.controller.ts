import type { Principal } from '@burnbag/contract';
import { Controller, Inject, Logger, Optional, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ValidBody } from '../platform/http/validation/valid-body.js';
import { Route } from '../platform/route/route.decorator.js';
import { ACCESS_SETTINGS, refusal, type AccessSettings } from './access.rules.js';
import { Caller } from './caller.decorator.js';
import { LocalAdmin } from './local-admin/local-admin.service.js';
import { OidcSignIn } from './oidc/oidc.sign-in.js';
import { LocalSignInDto, SessionDto, SignedOutDto } from './session.dto.js';
import { clearCookie, readCookie, SESSION_COOKIE, setCookie } from './sessions/auth-cookies.js';
import type { SessionFacts } from './sessions/session-store.types.js';
import { RedisSessions } from './sessions/redis-sessions.js';

/** The session of a browser: its person, its begin with a password, its end. */
@ApiTags('auth')
@Controller('auth')
export class SessionController {
  private readonly logger = new Logger(SessionController.name);

  constructor(
    private readonly localAdmin: LocalAdmin,
    @Optional() @Inject(OidcSignIn) private readonly oidc: OidcSignIn | undefined,
    private readonly sessions: RedisSessions,
    @Inject(ACCESS_SETTINGS) private readonly settings: AccessSettings,
  ) {}

  @Route('GET', 'session', {
    allow: 'everyone',
    limit: 'status',
    summary: 'Read who is signed in, and how to sign in; counts as use of the session',
    answer: { status: 200, body: SessionDto },
  })
  session(@Caller() caller: Principal): SessionDto {
    return {
      authMode: this.settings.mode,
      signIn: { oidc: this.oidc !== undefined, local: this.localAdmin.exists },
      mayCreate: refusal('creators', caller, this.settings) === undefined,
      principal: caller,
    };
  }

  @Route('POST', 'local', {
    allow: 'everyone',
    fromPortal: true,
    limit: 'signIn',
    summary: 'Sign in as the local administrator; the answer sets the session cookie',
    answer: { status: 200, body: SessionDto },
    problems: ['validation_failed', 'sign_in_wrong', 'sign_in_locked', 'sign_in_busy', 'local_sign_in_off'],
  })
  @ApiBody({ type: LocalSignInDto })
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

  @Route('POST', 'logout', {
    allow: 'everyone',
    limit: 'status',
    summary: 'End the session; idempotent',
    answer: { status: 200, body: SignedOutDto },
  })
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
