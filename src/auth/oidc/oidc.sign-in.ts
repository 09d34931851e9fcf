import { hash } from 'node:crypto';

import { Logger } from '@nestjs/common';
import * as oidc from 'openid-client';

import { ProblemError } from '../../platform/http/problem/problem.js';
import type { RandomSource } from '../../crypto/random-source.port.js';
import { localPath } from '../return-to.js';
import { setCookie, SIGN_IN_COOKIE } from '../sessions/auth-cookies.js';
import type { SessionFacts } from '../sessions/session-store.types.js';
import { isToken, newToken, tokenId } from '../sessions/session-token.js';
import { lacksClaims, personOf, type Claims } from './claims.js';
import type { OidcDiscovery } from './oidc.discovery.js';
import { describeFailure, signInProblem } from './oidc.failures.js';
import { signInExpired, signInRefused } from './sign-in.errors.js';
import { openRecord, sealRecord, type SignInRecord } from './sign-in-record.js';
import type { RedisSignIns } from './redis-sign-ins.js';

const SIGN_IN_SECONDS = 600;

export interface SignInOptions {
  /** OIDC_SCOPES */
  readonly scopes: string;
  /** OIDC_ADMIN_CLAIM */
  readonly adminClaim?: string | undefined;
  /** Redirect URI below PUBLIC_URL; registered at the provider. */
  readonly callbackUrl: string;
  /** Redirect URI after a sign-out; registered there too. */
  readonly afterLogoutUrl: string;
}

/** Sign-in by OpenID Connect: the code flow with PKCE, state and nonce (RFC 9700). */
export class OidcSignIn {
  private readonly logger = new Logger(OidcSignIn.name);

  constructor(
    private readonly discovery: OidcDiscovery,
    private readonly signIns: Pick<RedisSignIns, 'save' | 'take'>,
    private readonly random: RandomSource,
    private readonly options: SignInOptions,
  ) {}

  /**
   * @param returnTo of the request, unchecked; a value that is not a path of the portal becomes `/`
   * @param other the provider asks for the account even if it has a session
   * @returns where to redirect the browser, and the Set-Cookie header that the callback needs
   * @throws ProblemError sign_in_unavailable, store_unavailable
   */
  async begin(returnTo: unknown, other = false): Promise<{ url: string; cookie: string }> {
    const configuration = await this.discovery.answered();
    const token = newToken(this.random);
    const record: SignInRecord = {
      state: newToken(this.random),
      nonce: newToken(this.random),
      codeVerifier: newToken(this.random),
      returnTo: localPath(returnTo) ?? '/',
    };
    const sealed = sealRecord(record, token, this.random);
    await this.signIns.save(tokenId(token), hashOf(record.state), sealed, SIGN_IN_SECONDS * 1000);
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.options.callbackUrl,
      scope: this.options.scopes,
      state: record.state,
      nonce: record.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(record.codeVerifier),
      code_challenge_method: 'S256',
      // Every provider supports this one; select_account only some.
      ...(other && { prompt: 'login' }),
    });
    return { url: url.href, cookie: setCookie(SIGN_IN_COOKIE, token, SIGN_IN_SECONDS) };
  }

  /**
   * @param query of the request to the callback, without the question mark
   * @param cookie value of the sign-in cookie
   * @throws ProblemError sign_in_expired, sign_in_refused, sign_in_unavailable, store_unavailable
   */
  async finish(
    query: string,
    cookie: string | undefined,
  ): Promise<{ facts: SessionFacts; returnTo: string }> {
    const configuration = await this.discovery.configuration();
    const record = await this.take(new URLSearchParams(query).get('state'), cookie);
    try {
      return { facts: await this.exchange(configuration, query, record), returnTo: record.returnTo };
    } catch (error) {
      const problem = error instanceof ProblemError ? error : signInProblem(error);
      if (problem === undefined) throw error;
      this.logger.warn({ problem: problem.kind.code, ...describeFailure(error) }, 'a sign-in failed');
      throw problem;
    }
  }

  /**
   * URL that ends the provider's session, too (RP-initiated logout). Without an id_token_hint, since the ID
   * token is not kept; the provider then asks the person.
   * @returns undefined when the provider has no such page, or is unavailable
   */
  async logoutUrl(): Promise<string | undefined> {
    let configuration: oidc.Configuration;
    try {
      configuration = await this.discovery.configuration();
    } catch (error) {
      // The person is signed out here in any case; the discovery has logged the failure.
      if (error instanceof ProblemError) return undefined;
      throw error;
    }
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return oidc.buildEndSessionUrl(configuration, { post_logout_redirect_uri: this.options.afterLogoutUrl })
      .href;
  }

  private async take(state: string | null, cookie: string | undefined): Promise<SignInRecord> {
    if (state === null || !isToken(cookie)) throw signInExpired();
    const taken = await this.signIns.take(tokenId(cookie), hashOf(state));
    const record = Buffer.isBuffer(taken) ? openRecord(taken, cookie) : undefined;
    if (record === undefined) throw signInExpired();
    return record;
  }

  private async exchange(
    configuration: oidc.Configuration,
    query: string,
    { state, nonce, codeVerifier }: SignInRecord,
  ): Promise<SessionFacts> {
    // From the configuration, not from the request: behind a proxy the provider knows only PUBLIC_URL.
    const current = new URL(this.options.callbackUrl);
    current.search = query;
    const tokens = await oidc.authorizationCodeGrant(configuration, current, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    const idToken: (Claims & { sub: string }) | undefined = tokens.claims();
    if (idToken === undefined) throw signInRefused();
    const { adminClaim } = this.options;
    const ask =
      configuration.serverMetadata().userinfo_endpoint !== undefined && lacksClaims(idToken, adminClaim);
    const userinfo = ask ? await oidc.fetchUserInfo(configuration, tokens.access_token, idToken.sub) : {};
    return personOf(idToken.sub, idToken, userinfo, adminClaim);
  }
}

function hashOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
