import styles from './waiting.module.css';

/** The shape of what comes, while it comes. */
export function Waiting({ label, lines = 4 }: { label: string; lines?: number }) {
  return (
    <div className={styles['waiting']} role="status">
      <h1 className="visually-hidden">{label}</h1>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={styles['line']} aria-hidden="true" />
      ))}
    </div>
  );
}
