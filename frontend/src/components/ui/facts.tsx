import type { ReactNode } from 'react';
import styles from './facts.module.css';

interface FactsProps {
  items: readonly (readonly [name: string, value: ReactNode])[];
  /** Columns as wide as those of other facts on the page, instead of as many as there are facts. */
  even?: boolean;
}

/** Short facts as pairs: a quiet name and its value. */
export function Facts({ items, even = false }: FactsProps) {
  return (
    <dl className={styles['facts']} data-even={even || undefined}>
      {items.map(([name, value]) => (
        <div key={name} className={styles['fact']}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
