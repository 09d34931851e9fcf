/** Milliseconds that a Date header leaves out: it has whole seconds. */
const DATE_STEP_MS = 1_000;

/**
 * When a lease ends by the clock of this device, even if that is wrong: the server decides how long it lasts.
 * At most a second early, never late.
 * @param expiresAt ISO 8601, by the server's clock @param date the Date header of the same answer @param now
 * milliseconds since 1970 by this device @returns milliseconds since 1970 by this device; undefined without a
 * lease
 */
export function leaseEnd(expiresAt: string | undefined, date: unknown, now: number): number | undefined {
  const end = Date.parse(expiresAt ?? '');
  if (Number.isNaN(end)) return undefined;
  const sent = Date.parse(typeof date === 'string' ? date : '');
  return Number.isNaN(sent) ? end : now + (end - sent) - DATE_STEP_MS;
}
