import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** `ember` seals or cannot be undone; `ink` is the next thing to do; `plain` the rest; `quiet` looks like a link. */
  look?: 'ember' | 'ink' | 'plain' | 'quiet';
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
