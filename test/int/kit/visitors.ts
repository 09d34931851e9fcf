import { formatPasswordHash } from '../../../src/auth/local-admin/password-hash.js';
import { PasswordHasher } from '../../../src/auth/local-admin/password-hasher.js';
import { SESSION_COOKIE } from '../../../src/auth/sessions/auth-cookies.js';
import { RedisSessions } from '../../../src/auth/sessions/redis-sessions.js';
import type { SessionFacts } from '../../../src/auth/sessions/session-store.types.js';
import { systemRandom } from '../../../src/crypto/random-source.port.js';
import { ScriptRunner } from '../../../src/redis/script/script-runner.js';
import type { Answer, Sending } from './client.js';
import { ADMIN } from './people.js';
import type { Portal } from './portal.js';

const HOUR_MS = 3_600_000;
const ORIGIN = 'https://portal.example';

export const ALICE: SessionFacts = {
  subject: 'alice',
  email: 'alice@corp.example',
  isAdmin: false,
  via: 'oidc',
};

/** What a portal is started with for {@link rootOf}. */
export async function adminEnv(): Promise<Record<string, string>> {
  const hash = await new PasswordHasher().hash(ADMIN.password, systemRandom);
  return {
    PUBLIC_URL: ORIGIN,
    ADMIN_USERNAME: ADMIN.username,
    ADMIN_PASSWORD_HASH: formatPasswordHash(hash),
  };
}

/** A signed-in person at a portal, on a page of it. */
export interface Visitor {
  readonly cookie: string;
  /** @param path behind /api/v1 */
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
}

const FROM_PAGE = { origin: ORIGIN, 'sec-fetch-site': 'same-origin', 'x-burnbag-csrf': '1' };

function visitor({ client }: Portal, cookie: string): Visitor {
  return {
    cookie,
    send: (method, path, { headers, ...sending } = {}) =>
      client.send(method, `/api/v1${path}`, { ...sending, headers: { cookie, ...FROM_PAGE, ...headers } }),
  };
}

/** The local administrator, signed in with the password. */
export async function rootOf(portal: Portal): Promise<Visitor> {
  const sending = { json: ADMIN, headers: FROM_PAGE };
  const { status, headers, text } = await portal.client.send('POST', '/api/v1/auth/local', sending);
  const cookie = /__Host-burnbag=[^;]+/.exec(headers['set-cookie']?.join() ?? '')?.[0];
  if (status !== 200 || cookie === undefined) throw new Error(`the sign-in answered ${status}: ${text}`);
  return visitor(portal, cookie);
}

/** A person of the provider, with a session as a sign-in makes it. */
export async function personOf(portal: Portal, facts = ALICE): Promise<Visitor & { handle: string }> {
  const runner = new ScriptRunner(portal.db, true, () => undefined);
  const sessions = new RedisSessions(runner, systemRandom, { idleMs: HOUR_MS, mostMs: HOUR_MS });
  const { token, handle } = await sessions.begin(facts);
  return { ...visitor(portal, `${SESSION_COOKIE}=${token}`), handle };
}
