/** Below this share of AUDIT_OUTBOX_MAX the relay takes only what the requests leave. */
const CALM = 0.25;
/** From this share on the relay works without a pause. */
const URGENT = 0.5;
/** A smaller share counts as 0: a rare batch would only delay requests. */
const LEAST = 0.02;

/**
 * Share of its time that the relay may work on a core that it shares with the requests. Events may wait in
 * the outbox: while requests need the core it fills, and the fuller it is the more the relay takes, long
 * before it is full.
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
