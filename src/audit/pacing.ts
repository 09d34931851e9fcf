/** Below this share of AUDIT_OUTBOX_MAX the relay takes only what the requests leave. */
const CALM = 0.25;
/** From here on it takes what it can get. */
const URGENT = 0.5;
/** A smaller share is none: a batch now and then would only hold requests up. */
const LEAST = 0.02;

/**
 * How much of its time the relay may work where it shares a core with the requests. The outbox is there to wait in:
 * while requests need the core it fills, and the fuller it is the more the relay takes, long before it is full.
 * @param busy share of time in which the event loop of the requests had work, 0 to 1
 * @param filled share of AUDIT_OUTBOX_MAX that waits
 * @returns 1 to work without a pause, 0 to wait
 */
export function relayShare(busy: number, filled: number): number {
  const left = Math.max(0, 1 - busy);
  const urgency = Math.min(1, Math.max(0, (filled - CALM) / (URGENT - CALM)));
  const share = left + (1 - left) * urgency;
  return share < LEAST ? 0 : share;
}
