import { useState } from 'react';
import styles from './waiting.module.css';

/** Milliseconds for which nothing is shown, so that a short wait does not flicker. */
const GRACE = 250;

/**
 * Time of its appearance. Before the first action of the user it replaces the same lines of the shell, shown
 * since the page was opened: they must not fade in twice.
 */
const delayFromNow = (): number =>
  navigator.userActivation?.hasBeenActive ? GRACE : GRACE - performance.now();

/** A placeholder with the shape of the content that loads. */
export function Waiting({ label, lines = 4 }: { label: string; lines?: number }) {
  const [delay] = useState(delayFromNow);
  return (
    <div
      className={styles['waiting']}
      role="status"
      // The shell has no inline style: the page's policy would refuse it.
      style={typeof document === 'undefined' ? undefined : { animationDelay: `${Math.round(delay)}ms` }}
    >
      <h1 className="visually-hidden">{label}</h1>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={styles['line']} aria-hidden="true" />
      ))}
    </div>
  );
}
