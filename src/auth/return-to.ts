const LONGEST = 512;
// Only used to parse the URL; this host is never contacted (RFC 2606).
const HERE = 'http://burnbag.invalid';
/** Encoded slashes, backslashes, dots and control characters: a proxy on the way may decode them. */
const DISGUISED = /%(2f|5c|2e|25|[01][0-9a-f]|7f)/i;
const DISGUISED_CONTROL = /%([01][0-9a-f]|7f)/i;
// Browsers drop tabs and line ends from URLs, and take a backslash for a slash.
const FORBIDDEN = /[\u0000-\u0020\u007f-\u009f\\]/;

/**
 * The target of the browser after a sign-in: a path of this portal, so that no link to the portal leads to
 * another site (open redirect). Returns the parsed form of a valid path, without the fragment, which may hold
 * a link's key and stays in the browser.
 * @param raw the parameter of the request, of any type
 * @returns a path with query in ASCII; undefined when it leads, or could be made to lead, anywhere else
 */
export function localPath(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw.length > LONGEST) return undefined;
  if (!/^\/(?!\/)/.test(raw) || FORBIDDEN.test(raw)) return undefined;
  if (!URL.canParse(raw, HERE)) return undefined;
  const { origin, pathname, search } = new URL(raw, HERE);
  if (origin !== HERE || pathname.includes('//')) return undefined;
  if (DISGUISED.test(pathname) || DISGUISED_CONTROL.test(search)) return undefined;
  const path = pathname + search;
  return path.length > LONGEST ? undefined : path;
}
