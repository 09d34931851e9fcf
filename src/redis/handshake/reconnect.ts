export const RECONNECT = { first: 50, most: 1_000 };

/** @returns ms until the next try */
export function reconnectAfter(times: number): number {
  return Math.min(RECONNECT.first * times, RECONNECT.most);
}
