/** Milliseconds after which a request counts as a broken connection; a claim makes asking again safe. */
export const REQUEST_TIMEOUT_MS = 20_000;
