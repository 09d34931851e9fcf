import type { ReactNode } from 'react';
import styles from './sheet.module.css';

/** A sheet of paper: the background of every page without an envelope. */
export function Sheet({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <section className={styles['sheet']} aria-label={label}>
      {children}
    </section>
  );
}
