/** What can go wrong between here and the provider; anything else is said in general words. */
const KNOWN = [
  'sign_in_expired',
  'sign_in_refused',
  'sign_in_unavailable',
  'store_unavailable',
  'rate_limited',
] as const;

/** @param code from the address, so it may be anything */
export const knownProblem = (code: string): (typeof KNOWN)[number] | 'other' =>
  KNOWN.find((known) => known === code) ?? 'other';
