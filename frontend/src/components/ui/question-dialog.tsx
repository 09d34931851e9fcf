import { type ComponentProps, useLayoutEffect, useRef } from 'react';
import { Confirm } from './confirm';
import styles from './question-dialog.module.css';

/** A modal question. Escape cancels. */
export function QuestionDialog(props: ComponentProps<typeof Confirm>) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the focus is set inside: hidden elements cannot take it.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Restores the previous focus.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.onCancel();
      }}
    >
      <Confirm {...props} />
    </dialog>
  );
}
