import { oneOf, text, wholeNumber, type AreaValues } from '../config.schema.js';
import { endpointUrl } from '../endpoint-url.js';

const DAY = 86_400;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const PHC_ARGON2ID = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;

/** Whether cookies and tokens may travel to this URL: https, or http that does not leave the machine. */
function isSecureOrigin(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

const issuerUrl = endpointUrl({ schemes: ['https', 'http'], path: 'any' });

function issuer(raw: string): string | undefined {
  const problem = issuerUrl(raw);
  if (problem !== undefined) return problem;
  if (!URL.canParse(raw)) return 'names a host that cannot be reached';
  return isSecureOrigin(raw) ? undefined : 'must start with https:// (http:// only on this machine)';
}

function scopes(raw: string): string | undefined {
  return raw.split(' ').includes('openid')
    ? undefined
    : 'must be words separated by blanks, openid among them';
}

/** Who may sign in, and for how long. */
export const authArea = {
  mode: oneOf({
    env: 'AUTH_MODE',
    doc: 'open: anyone may create and open. oidc: creating needs a sign-in at OIDC_ISSUER; opening needs one only where the secret names its recipients.',
    values: ['open', 'oidc'],
    fallback: 'open',
  }),
  oidcIssuer: text({
    env: 'OIDC_ISSUER',
    doc: 'Issuer URL of the OpenID Connect provider, without /.well-known.',
    fallback: undefined,
    check: issuer,
  }),
  oidcClientId: text({
    env: 'OIDC_CLIENT_ID',
    doc: 'Client id of Burnbag at the provider.',
    fallback: undefined,
  }),
  oidcClientSecret: text({
    env: 'OIDC_CLIENT_SECRET',
    doc: 'Its client secret. Empty: a public client, which uses PKCE alone.',
    fallback: undefined,
    secret: true,
  }),
  oidcScopes: text({
    env: 'OIDC_SCOPES',
    doc: 'Requested scopes, separated by blanks.',
    fallback: 'openid email profile',
    check: scopes,
  }),
  oidcAdminClaim: text({
    env: 'OIDC_ADMIN_CLAIM',
    doc: 'Claim of administrators: its name (must be true) or name=value (must equal it, or be a list with it). A dotted name is a path. Empty: there are none.',
    fallback: undefined,
    check: (raw) => (/^[^\s=]+(=.+)?$/.test(raw) ? undefined : 'must be a name or name=value'),
  }),
  sessionIdleSeconds: wholeNumber({
    env: 'SESSION_IDLE_SECONDS',
    doc: 'Seconds without a request after which a session ends.',
    fallback: 1_800,
    min: 60,
    max: 30 * DAY,
  }),
  sessionMaxSeconds: wholeNumber({
    env: 'SESSION_MAX_SECONDS',
    doc: 'Seconds after the sign-in at which a session ends in any case.',
    fallback: 43_200,
    min: 60,
    max: 30 * DAY,
  }),
  adminUsername: text({
    env: 'ADMIN_USERNAME',
    doc: 'Name of the local administrator. Empty: there is none.',
    fallback: undefined,
  }),
  adminPasswordHash: text({
    env: 'ADMIN_PASSWORD_HASH',
    doc: 'Argon2id hash of the password of the local administrator ($argon2id$...).',
    fallback: undefined,
    secret: true,
    check: (raw) => (PHC_ARGON2ID.test(raw) ? undefined : 'must be an Argon2id hash ($argon2id$v=19$...)'),
  }),
};

export type AuthConfig = AreaValues<typeof authArea>;

/**
 * Contradictions between the settings, one line each; empty when there are none.
 * @param publicUrl PUBLIC_URL, if it is set: sign-ins need cookies that only travel over https
 * @param refused problems of single settings: such a setting counts as set
 */
export function authProblems(
  values: AuthConfig,
  publicUrl?: string,
  refused: readonly string[] = [],
): string[] {
  const problems: string[] = [];
  const lacks = (value: string | undefined, name: string): boolean =>
    value === undefined && !refused.some((problem) => problem.startsWith(`${name} `));
  if (values.mode === 'oidc') {
    if (lacks(values.oidcIssuer, 'OIDC_ISSUER')) problems.push('OIDC_ISSUER must be set for AUTH_MODE=oidc');
    if (lacks(values.oidcClientId, 'OIDC_CLIENT_ID'))
      problems.push('OIDC_CLIENT_ID must be set for AUTH_MODE=oidc');
  }
  if (values.sessionIdleSeconds > values.sessionMaxSeconds) {
    problems.push('SESSION_IDLE_SECONDS must not be above SESSION_MAX_SECONDS');
  }
  const lacksName = lacks(values.adminUsername, 'ADMIN_USERNAME');
  if (lacksName !== lacks(values.adminPasswordHash, 'ADMIN_PASSWORD_HASH')) {
    problems.push('ADMIN_USERNAME and ADMIN_PASSWORD_HASH belong together: set both or neither');
  }
  const signsIn = values.mode === 'oidc' || values.adminUsername !== undefined;
  if (signsIn && publicUrl !== undefined && URL.canParse(publicUrl) && !isSecureOrigin(publicUrl)) {
    problems.push('PUBLIC_URL must start with https:// where people sign in');
  }
  return problems;
}
