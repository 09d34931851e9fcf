/** Sent with every answer. Names in lower case, as Fastify keeps them: it would convert them for each request. */
const COMMON = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Headers that matter only to a browser that renders a page. */
const RENDERED = {
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
} as const;

const HSTS = { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } as const;

/**
 * Nothing about a secret may stay in a cache, on disk or in transit. A proxy that buffers (nginx does by
 * default) would write it to its own disk, and take a download faster than its client does.
 */
const NO_STORE = {
  'cache-control': 'no-store, no-cache, must-revalidate',
  pragma: 'no-cache',
  expires: '0',
  'x-accel-buffering': 'no',
} as const;

/** The API serves data only, so its policy allows nothing. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The web app: its own scripts, styles and fonts, its own API, and no markup from strings. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The API's documentation page styles itself inline. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export type Headers = Readonly<Record<string, string>>;

export interface SecurityHeaders {
  readonly api: Headers;
  readonly page: Headers;
  readonly docs: Headers;
}

/** Built once. @param publicUrl HSTS is sent only for https */
export function securityHeaders(publicUrl: string): SecurityHeaders {
  const common: Headers = publicUrl.startsWith('https:') ? { ...COMMON, ...HSTS } : COMMON;
  const rendered: Headers = { ...common, ...RENDERED };
  return {
    api: { ...common, ...NO_STORE, 'content-security-policy': API_POLICY },
    page: { ...rendered, 'cache-control': 'no-cache', 'content-security-policy': PAGE_POLICY },
    docs: { ...rendered, 'cache-control': 'no-cache', 'content-security-policy': DOCS_POLICY },
  };
}
