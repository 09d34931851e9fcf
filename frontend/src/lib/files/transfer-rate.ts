/** Milliseconds over which the speed is averaged: long enough not to jump, short enough to follow a new network. */
const MEMORY_MS = 5_000;
/** Milliseconds before which a speed would be a guess. */
const WARM_UP_MS = 1_000;

/** Speed of a transfer. */
export interface TransferRate {
  /** Records the transferred bytes. @param at milliseconds of a monotonic clock */
  note(bytes: number, at: number): void;
  /** Resets: after a pause, or when the transfer went back to an earlier place. */
  restart(): void;
  /** Bytes per second, smoothed; undefined until known. */
  speed(): number | undefined;
  /** Whole seconds for that many bytes; undefined until known. */
  secondsFor(bytes: number): number | undefined;
}

/**
 * Exponentially smoothed speed of an upload or a download. The weight of a sample grows with the time that it covers,
 * so that it does not matter how often progress is reported.
 */
export function createTransferRate(): TransferRate {
  let last: { bytes: number; at: number } | undefined;
  let smoothed = 0;
  let seen = 0;
  const restart = () => {
    last = undefined;
    smoothed = 0;
    seen = 0;
  };
  const speed = () => (seen >= WARM_UP_MS ? smoothed / (1 - Math.exp(-seen / MEMORY_MS)) : undefined);
  return {
    note(bytes, at) {
      if (last && bytes < last.bytes) restart();
      if (last) {
        const span = at - last.at;
        if (span <= 0) return;
        const keep = Math.exp(-span / MEMORY_MS);
        smoothed = smoothed * keep + ((bytes - last.bytes) / span) * 1_000 * (1 - keep);
        seen += span;
      }
      last = { bytes, at };
    },
    restart,
    speed,
    secondsFor(bytes) {
      const now = speed();
      return now === undefined || now <= 0 ? undefined : Math.ceil(bytes / now);
    },
  };
}
