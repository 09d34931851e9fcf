import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** The package has no types; a name in a variable keeps the compiler from looking for them. */
const PROVIDER: string = 'oidc-provider';
interface ProviderClass {
  new (
    issuer: string,
    configuration: object,
  ): { callback(): RequestListener; IdToken: { expiresIn: () => number } };
}

/** How Burnbag is known to it. */
export const TEST_CLIENT = { clientId: 'burnbag', clientSecret: 'a secret & more/+%' };

/** Claims by login. */
export type People = Readonly<Record<string, object>>;

export interface TestProviderOptions {
  readonly port: number;
  /** Where it sends browsers back, and where after a sign-out. */
  readonly callback: string;
  readonly signedOut: string;
  readonly people: People;
}

/** A person of `TestProvider` with a verified address at corp.example. */
export function personAtCorp(name: string, more: object = {}): object {
  return { name, email: `${name.toLowerCase()}@corp.example`, email_verified: true, ...more };
}

/** A real provider of OpenID Connect on loopback, at which people sign in by any password. */
export class TestProvider {
  private server: Server | undefined;
  idTokenSeconds = 3_600;

  constructor(private readonly options: TestProviderOptions) {}

  get issuer(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  /** Settings of the portal for it. */
  get env(): Readonly<Record<string, string>> {
    const { clientId, clientSecret } = TEST_CLIENT;
    return { OIDC_ISSUER: this.issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret };
  }

  async start(): Promise<void> {
    const { port, callback, signedOut, people } = this.options;
    const { default: Provider } = (await import(PROVIDER)) as { default: ProviderClass };
    const client = { client_id: TEST_CLIENT.clientId, client_secret: TEST_CLIENT.clientSecret };
    const provider = new Provider(this.issuer, {
      clients: [{ ...client, redirect_uris: [callback], post_logout_redirect_uris: [signedOut] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, ...people[id] }),
      }),
      pkce: { required: () => true },
      cookies: { keys: ['of this test'] },
    });
    // Past the check of its settings, which would let no token be over at once.
    provider.IdToken.expiresIn = () => this.idTokenSeconds;
    this.server = createServer(provider.callback());
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server?.close();
    this.server?.closeAllConnections();
    this.server = undefined;
  }
}
