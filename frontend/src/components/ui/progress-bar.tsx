import styles from './progress-bar.module.css';

interface ProgressBarProps {
  label: string;
  /** Share that is done, 0 to 1; undefined while it is unknown. */
  value: number | undefined;
  /** Read by a screen reader instead of the percentage, such as "3 MB of 12 MB". */
  text?: string | undefined;
  /** No progress: paused, or waiting for the connection. */
  still?: boolean;
}

/** Shows progress. It announces nothing by itself: the page decides what to announce. */
export function ProgressBar({ label, value, text, still = false }: ProgressBarProps) {
  const share = value === undefined ? undefined : Math.min(1, Math.max(0, value));
  return (
    <div
      className={styles['track']}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      // Rounded down: a bar at 100 is done.
      aria-valuenow={share === undefined ? undefined : Math.floor(share * 100)}
      aria-valuetext={text}
      data-still={still || undefined}
      data-unknown={share === undefined || undefined}
    >
      <div
        className={styles['fill']}
        style={share === undefined ? undefined : { transform: `scaleX(${share})` }}
      />
    </div>
  );
}
