import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';

/**
 * `ember` seals or cannot be undone; `ink` is the primary action; `plain` any other; `quiet` looks like a
 * link.
 */
type Look = 'ember' | 'ink' | 'plain' | 'quiet';

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  icon?: ReactNode;
  /** Keeps its width and the focus, but does nothing: a disabled button would lose the focus. */
  busy?: boolean;
}

export function Button({ look = 'plain', icon, busy = false, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={styles['button']}
      data-look={look}
      data-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon}
      <span>{children}</span>
    </button>
  );
}

interface ButtonLinkProps extends ComponentProps<'a'> {
  look?: Look;
  icon?: ReactNode;
}

/** A link to another document, or a download, that looks like a button. */
export function ButtonLink({ look = 'plain', icon, children, ...rest }: ButtonLinkProps) {
  return (
    <a {...rest} className={styles['button']} data-look={look}>
      {icon}
      <span>{children}</span>
    </a>
  );
}
