import type { ReactNode } from 'react';
import styles from './handed-over-page.module.css';

interface HandoverItemProps {
  title: string;
  /** Its receiver. */
  hint: string;
  value: string;
  testId: string;
  /** All of the value was selected and copied. */
  onCopied?: () => void;
  children: ReactNode;
}

/** One value to send to another person. */
export function HandoverItem({ title, hint, value, testId, onCopied, children }: HandoverItemProps) {
  return (
    <section className={styles['item']}>
      <h2>{title}</h2>
      <p className={styles['hint']}>{hint}</p>
      <p
        className={styles['value']}
        data-testid={testId}
        onCopy={() => document.getSelection()?.toString().includes(value) && onCopied?.()}
      >
        {value}
      </p>
      <div className={styles['actions']}>{children}</div>
    </section>
  );
}
