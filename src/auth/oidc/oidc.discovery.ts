import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import * as oidc from 'openid-client';

import type { Clock } from '../../common/clock.js';
import { describeFailure } from './oidc.failures.js';
import { signInUnavailable } from './sign-in.errors.js';

export interface OidcClientOptions {
  /** OIDC_ISSUER: https, or http on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** Without one the client is public. */
  readonly clientSecret?: string | undefined;
}

/** Tolerance for the provider's clock. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** For each attempt of the discovery. */
const DISCOVERY_SECONDS = 4;
/** For the exchange of a code: it is valid for one attempt, and a person waits. */
const EXCHANGE_SECONDS = 15;
const FRESH_MS = 3_600_000;
const PAUSES_MS = [200, 600];

/** Basic is the standard's default; a provider that does not list it gets the other method. */
function clientAuthentication(secret: string | undefined): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  const basic = oidc.ClientSecretBasic(secret);
  const post = oidc.ClientSecretPost(secret);
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

/**
 * The provider's metadata, fetched when a sign-in begins: the portal starts and serves without it. A callback
 * or a sign-out uses the known metadata.
 */
export class OidcDiscovery {
  private readonly logger = new Logger(OidcDiscovery.name);
  private known: { readonly configuration: oidc.Configuration; readonly at: number } | undefined;
  private asking: Promise<oidc.Configuration> | undefined;

  constructor(
    private readonly options: OidcClientOptions,
    private readonly clock: Clock,
  ) {}

  /**
   * Always fetches: a browser is only sent to a provider that answers, since the portal could not report a
   * failure afterwards.
   * @throws ProblemError sign_in_unavailable after three attempts; the next call tries again
   */
  answered(): Promise<oidc.Configuration> {
    return (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
  }

  /** @throws ProblemError sign_in_unavailable, only when no metadata is known yet */
  configuration(): Promise<oidc.Configuration> {
    const { known } = this;
    if (!known) return this.answered();
    // The failure is logged; the known metadata is used until a discovery succeeds.
    if (this.clock.now() - known.at >= FRESH_MS) this.answered().catch(() => undefined);
    return Promise.resolve(known.configuration);
  }

  private async ask(): Promise<oidc.Configuration> {
    for (let failures = 0; ; failures += 1) {
      try {
        const configuration = this.unchanged(await this.discover());
        this.known = { configuration, at: this.clock.now() };
        return configuration;
      } catch (error) {
        const pause = PAUSES_MS[failures];
        if (pause === undefined) {
          const { issuer } = this.options;
          this.logger.error(
            { issuer, ...describeFailure(error) },
            'the sign-in provider cannot be discovered',
          );
          throw signInUnavailable();
        }
        await delay(pause);
      }
    }
  }

  /** Keeps the known one if the metadata is unchanged: it caches the provider's keys, too. */
  private unchanged(configuration: oidc.Configuration): oidc.Configuration {
    const said = (one: oidc.Configuration): string => JSON.stringify(one.serverMetadata());
    const known = this.known?.configuration;
    return known && said(known) === said(configuration) ? known : configuration;
  }

  private async discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    const server = new URL(issuer);
    // TLS authenticates a token that comes directly from the provider; its signature is checked all the same.
    const execute = [oidc.enableNonRepudiationChecks];
    // The configuration allows it on loopback only.
    if (server.protocol === 'http:') execute.push(oidc.allowInsecureRequests);
    const configuration = await oidc.discovery(
      server,
      clientId,
      { [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
      clientAuthentication(clientSecret),
      { execute, timeout: DISCOVERY_SECONDS },
    );
    configuration.timeout = EXCHANGE_SECONDS;
    return configuration;
  }
}
