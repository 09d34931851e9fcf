import type { ReactNode } from 'react';
import styles from './handed-over-page.module.css';

interface HandoverItemProps {
  title: string;
  /** Whom to give it to. */
  hint: string;
  value: string;
  testId: string;
  children: ReactNode;
}

/** One thing to give to somebody. */
export function HandoverItem({ title, hint, value, testId, children }: HandoverItemProps) {
  return (
    <section className={styles['item']}>
      <h2>{title}</h2>
      <p className={styles['hint']}>{hint}</p>
      <p className={styles['value']} data-testid={testId}>
        {value}
      </p>
      <div className={styles['actions']}>{children}</div>
    </section>
  );
}
