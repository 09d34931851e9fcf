/**
 * Browsers accept a `__Host-` cookie only from this host, over TLS and for all paths: a sibling domain cannot
 * set it.
 */
export const SESSION_COOKIE = '__Host-burnbag';
export const SIGN_IN_COOKIE = '__Host-burnbag-sign-in';

// Lax and not Strict: the way back from the provider is a navigation from another site.
const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/** A Set-Cookie header. @param maxAgeSeconds without it the cookie ends with the browser */
export function setCookie(name: string, value: string, maxAgeSeconds?: number): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${name}=${value}; ${ATTRIBUTES}${age}`;
}

/** A Set-Cookie header that removes a cookie. */
export function clearCookie(name: string): string {
  return setCookie(name, '', 0);
}

/** By its name alone: an unreadable cookie must not bypass a check. */
export function hasSessionCookie(header: string | undefined): boolean {
  return header !== undefined && header.includes(`${SESSION_COOKIE}=`);
}

/**
 * One cookie of a request.
 * @param header the Cookie header
 * @returns undefined when it is missing, or comes twice: a browser sends a `__Host-` cookie once
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (!header?.includes(name)) return undefined;
  const prefix = `${name}=`;
  const found = header.split(';').flatMap((pair) => {
    const trimmed = pair.trim();
    return trimmed.startsWith(prefix) ? [trimmed.slice(prefix.length)] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}
