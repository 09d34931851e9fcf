import { type ReactNode, useId, useRef } from 'react';
import { useFocusOnMount } from '../../lib/hooks/use-focus-on-mount';
import { useKeyDown } from '../../lib/hooks/use-key-down';
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

/**
 * Asks in place before an action that cannot be undone. The focus starts on the cancel button; Escape
 * cancels.
 */
export function Confirm(props: ConfirmProps) {
  const title = useId();
  const group = useRef<HTMLDivElement>(null);
  const wayBack = useRef<HTMLButtonElement>(null);
  useFocusOnMount(wayBack);
  useKeyDown(group, (event) => {
    if (event.key === 'Escape') props.onCancel();
  });
  return (
    <div ref={group} role="group" aria-labelledby={title} className={styles['confirm']}>
      <h2 id={title}>{props.title}</h2>
      <div>{props.children}</div>
      <div className={styles['actions']}>
        <Button look="ember" busy={props.busy ?? false} onClick={props.onConfirm}>
          {props.confirmLabel}
        </Button>
        <Button ref={wayBack} onClick={props.onCancel}>
          {props.cancelLabel}
        </Button>
      </div>
    </div>
  );
}
