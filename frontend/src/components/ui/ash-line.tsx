import styles from './ash-line.module.css';

/** A line of ash in place of removed content. */
export function AshLine() {
  return (
    <svg
      className={styles['ash']}
      viewBox="0 0 240 16"
      preserveAspectRatio="xMinYMid meet"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M2 12c14-5 22-3 34-5s20 3 33 1 20-5 34-3 21 4 35 2 22-4 36-2 20 4 31 3 18-2 33 4Z" />
      <circle className={styles['spark']} cx="71" cy="6" r="1.4" />
      <circle className={styles['spark']} cx="148" cy="5.5" r="1.1" />
      <circle className={styles['spark']} cx="191" cy="7" r="1.3" />
    </svg>
  );
}
