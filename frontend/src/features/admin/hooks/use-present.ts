import { useEffect, useState } from 'react';

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;

/**
 * Whether the page was used lately. Automatic requests must stop when it is idle: each one renews the
 * session, which should end then.
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
