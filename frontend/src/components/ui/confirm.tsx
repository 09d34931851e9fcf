import { type ReactNode, useId } from 'react';
import { Button } from './button';
import styles from './confirm.module.css';

interface ConfirmProps {
  title: string;
  children: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  busy?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something that cannot be undone, in place. The focus starts on the way back; Escape takes it. */
export function Confirm(props: ConfirmProps) {
  const title = useId();
  return (
    <div
      role="group"
      aria-labelledby={title}
      className={styles['confirm']}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onCancel();
      }}
    >
      <h2 id={title}>{props.title}</h2>
      <div>{props.children}</div>
      <div className={styles['actions']}>
        <Button look="ember" busy={props.busy ?? false} onClick={props.onConfirm}>
          {props.confirmLabel}
        </Button>
        <Button autoFocus onClick={props.onCancel}>
          {props.cancelLabel}
        </Button>
      </div>
    </div>
  );
}
