/** The version of the API that this contract describes. */
export const API_BASE = '/api/v1';

/** Pages of the portal that links lead to. */
export const SECRET_PAGE = '/s';
export const RECEIPT_PAGE = '/r';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** The same for JSON Schema, which has no flags. */
export const SECRET_ID_PATTERN =
  '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-4[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$';

/** @returns whether `text` is a UUID v4 (RFC 9562), the form of every secret's id */
export function isSecretId(text: unknown): text is string {
  return typeof text === 'string' && UUID_V4.test(text);
}

/** The link of a secret without its key. @param publicUrl without a slash at its end */
export const secretUrl = (publicUrl: string, id: string): string => `${publicUrl}${SECRET_PAGE}/${id}`;

/** The link of a receipt: its token stands in the fragment, which no request carries. */
export const receiptUrl = (publicUrl: string, receiptToken: string): string =>
  `${publicUrl}${RECEIPT_PAGE}#${receiptToken}`;

/** The link of a sealed secret. @param url see `secretUrl` @param linkKey 43 characters: 32 bytes in base64url */
export const sealedUrl = (url: string, linkKey: string): string => `${url}#${linkKey}`;

const LINK_KEY = /^[A-Za-z0-9_-]{43}$/;
/** Chat programs take the full stop or bracket that follows a link into it. */
const LINK_TAIL = /[.,;:!?)>\]}'"\s]/;

/** @returns what a URL fragment says, without its '#' and what a chat program put behind it */
export function fragmentText(fragment: string): string {
  let end = fragment.length;
  while (end > 0 && LINK_TAIL.test(fragment.charAt(end - 1))) end -= 1;
  return fragment.slice(fragment.startsWith('#') ? 1 : 0, end);
}

/** @returns the 43 characters of the key in a URL fragment; undefined when the link is cut off or mistyped */
export function linkKeyIn(fragment: string): string | undefined {
  const text = fragmentText(fragment);
  return LINK_KEY.test(text) ? text : undefined;
}

/** The URL at which a script reads a server-side secret. @param url see `secretUrl` */
export const secretApiUrl = (url: string): string => url.replace(/\/s\/([^/]+)$/, `${API_BASE}/secrets/$1`);

/** The URL at which a script reads files that the server encrypts. @param url see `secretUrl` */
export const filesApiUrl = (url: string): string => url.replace(/\/s\/([^/]+)$/, `${API_BASE}/files/$1`);
