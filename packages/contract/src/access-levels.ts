/**
 * Who may use a route; the settings decide what each level means. `unasked` is for probes, metrics and static files: the
 * caller is not identified, so that a cookie costs no round trip there.
 */
export const ACCESS_LEVELS = [
  'everyone',
  'creators',
  'people',
  'admins',
  'receipts',
  'stats',
  'unasked',
] as const;
export type Access = (typeof ACCESS_LEVELS)[number];
