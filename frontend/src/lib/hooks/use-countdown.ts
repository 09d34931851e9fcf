import { useEffect, useState } from 'react';

const left = (until: number): number => Math.max(0, Math.ceil((until - Date.now()) / 1_000));

/** @param until milliseconds since 1970 @returns whole seconds left, counted down every second, 0 when over */
export function useCountdown(until: number): number {
  const [seconds, setSeconds] = useState(() => left(until));
  useEffect(() => {
    setSeconds(left(until));
    const timer = setInterval(() => setSeconds(left(until)), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}
