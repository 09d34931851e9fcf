import { useEffect, useState } from 'react';

/** @param until milliseconds since 1970 @returns whole seconds left, counted down every second, 0 when over */
export function useCountdown(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - now) / 1_000));
}
