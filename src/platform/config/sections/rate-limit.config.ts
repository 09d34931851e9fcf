import { oneOf, wholeNumber } from '../config.schema.js';

const limit = (env: string, what: string, fallback: number) =>
  wholeNumber({
    env,
    doc: `${what} for each client IP address and window.`,
    fallback,
    min: 1,
    max: 1_000_000_000,
  });

/** Limits for each client IP address. */
export const rateLimitArea = {
  mode: oneOf({
    env: 'RATE_LIMIT',
    doc: 'off only if a proxy in front of Burnbag limits already.',
    values: ['on', 'off'],
    fallback: 'on',
  }),
  windowSeconds: wholeNumber({
    env: 'RATE_LIMIT_WINDOW_SECONDS',
    doc: 'Length of the window in which hits are counted.',
    fallback: 60,
    min: 1,
    max: 86_400,
  }),
  blockSeconds: wholeNumber({
    env: 'RATE_LIMIT_BLOCK_SECONDS',
    doc: 'Seconds that a client over a limit is refused. Not longer than CLAIM_LEASE_SECONDS and FILE_LEASE_SECONDS.',
    fallback: 60,
    min: 1,
    max: 86_400,
  }),
  create: limit('RATE_LIMIT_CREATE', 'New secrets', 60),
  reveal: limit('RATE_LIMIT_REVEAL', 'Openings, acknowledgements and burns', 60),
  transfer: limit('RATE_LIMIT_TRANSFER', 'Pieces of files that are sent or fetched', 1_200),
  status: limit('RATE_LIMIT_STATUS', 'Status requests and receipts', 300),
  claim: wholeNumber({
    env: 'RATE_LIMIT_CLAIM',
    doc: 'Retries, downloads and acknowledgements with one live claim in 10 s while others have used up the limits of its IP address.',
    fallback: 10,
    min: 1,
    max: 1_000_000,
  }),
  // Two requests a sign-in, and in the morning a whole office shares one IP address.
  signIn: limit('RATE_LIMIT_SIGN_IN', 'Sign-ins that are begun or finished', 240),
};
