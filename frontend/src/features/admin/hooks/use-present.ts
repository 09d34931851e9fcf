import { useEffect, useState } from 'react';

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;

/**
 * Whether somebody has touched the page lately. What asks the server by itself must stop when nobody is there: each
 * question renews the session, which is to end when it is idle.
 * @param patience ms
 */
export function usePresent(patience: number): boolean {
  const [present, setPresent] = useState(true);
  useEffect(() => {
    let timer = setTimeout(() => setPresent(false), patience);
    const touched = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setPresent(false), patience);
      setPresent(true);
    };
    for (const sign of SIGNS) document.addEventListener(sign, touched, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS) document.removeEventListener(sign, touched);
    };
  }, [patience]);
  return present;
}
