import { useMemo } from 'react';
import styles from './redacted-text.module.css';

/** Bars come in steps of this many characters, so that they do not reveal the length of a password. */
const STEP = 8;
const SHORTEST = 24;
/** Maximum number of bars, more than fill any window. */
const MOST_LINES = 120;

/** One run of non-breaking spaces per line, as wide as the line or a little wider. */
function barsFor(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/, MOST_LINES)
    .map((line) =>
      line === ''
        ? ''
        : '\u00a0'.repeat(Math.min(2_000, Math.max(SHORTEST, Math.ceil(line.length / STEP) * STEP))),
    );
}

/** Only a text that scrolls needs the focus, for the arrow keys. */
function focusable(text: HTMLPreElement | null): void {
  if (text && text.scrollHeight > text.clientHeight) text.tabIndex = 0;
}

interface RedactedTextProps {
  text: string;
  shown: boolean;
  /** Names the text for screen readers once it is shown. */
  label: string;
}

/**
 * A document under redaction bars. While it is masked the text is not in the page at all: it cannot be
 * selected, read out, or seen.
 */
export function RedactedText({ text, shown, label }: RedactedTextProps) {
  const bars = useMemo(() => barsFor(text), [text]);

  return (
    <div className={styles['document']} data-secret="">
      {shown && (
        <pre
          ref={focusable}
          className={styles['text']}
          dir="auto"
          role="region"
          aria-label={label}
          data-testid="plaintext"
        >
          {text}
        </pre>
      )}
      <div
        className={styles['bars']}
        data-lifting={shown || undefined}
        aria-hidden="true"
        data-testid={shown ? undefined : 'mask'}
      >
        {bars.map((bar, line) => (
          <span key={line} className={styles['line']}>
            {bar && <span className={styles['bar']}>{bar}</span>}
          </span>
        ))}
      </div>
    </div>
  );
}
