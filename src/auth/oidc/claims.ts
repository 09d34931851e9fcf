import { normalEmail } from '@burnbag/contract';

import { storableName, storableText } from '../../common/storable-text.js';
import type { SessionFacts } from '../sessions/session-store.types.js';

/** Claims about a person, of an ID token or of the userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

const LONGEST_NAME = 200;

function own(claims: unknown, name: string): unknown {
  if (typeof claims !== 'object' || claims === null || !Object.hasOwn(claims, name)) return undefined;
  return (claims as Claims)[name];
}

/** @param name of a claim; if it does not exist, a dotted one is a path (`realm_access.roles`) */
function claimValue(claims: Claims, name: string): unknown {
  return own(claims, name) ?? name.split('.').reduce<unknown>(own, claims);
}

/** The claim's name in OIDC_ADMIN_CLAIM (`name` or `name=value`). */
function adminClaimName(rule: string): string {
  return rule.split('=', 1)[0] as string;
}

/** @param rule OIDC_ADMIN_CLAIM; undefined: there are no administrators */
export function isAdminBy(rule: string | undefined, claims: Claims): boolean {
  if (rule === undefined) return false;
  const name = adminClaimName(rule);
  const value = claimValue(claims, name);
  if (name === rule) return value === true || value === 'true';
  const wanted = rule.slice(name.length + 1);
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

/**
 * An e-mail address counts only if the same source says that it is verified. Some providers say it as text.
 */
function verifiedEmail(claims: Claims): string | undefined {
  const verified = own(claims, 'email_verified');
  return verified === true || verified === 'true' ? normalEmail(own(claims, 'email')) : undefined;
}

function displayName(claims: Claims): string | undefined {
  const name = own(claims, 'name') ?? own(claims, 'preferred_username');
  return typeof name === 'string' && name !== '' ? storableText(name.slice(0, LONGEST_NAME)) : undefined;
}

/** Whether userinfo could add a claim that the ID token does not have. */
export function lacksClaims(idToken: Claims, rule: string | undefined): boolean {
  if (own(idToken, 'email') === undefined || displayName(idToken) === undefined) return true;
  return rule !== undefined && claimValue(idToken, adminClaimName(rule)) === undefined;
}

/**
 * The signed-in person. The ID token is signed, so it takes precedence; userinfo of the same subject adds
 * missing claims.
 * @param subject checked by the caller to be that of both; kept as the audit trail can store it, see
 * `storableName`
 */
export function personOf(
  subject: string,
  idToken: Claims,
  userinfo: Claims,
  rule: string | undefined,
): SessionFacts {
  const email = verifiedEmail(own(idToken, 'email') === undefined ? userinfo : idToken);
  const name = displayName(idToken) ?? displayName(userinfo);
  const named = rule !== undefined && claimValue(idToken, adminClaimName(rule)) !== undefined;
  return {
    subject: storableName(subject),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    isAdmin: isAdminBy(rule, named ? idToken : userinfo),
    via: 'oidc',
  };
}
