import { type ComponentProps, useLayoutEffect, useRef } from 'react';
import { Confirm } from './confirm';
import styles from './question-dialog.module.css';

/** Asks over the page, which cannot be used before the answer. Escape is the way back. */
export function QuestionDialog(props: ComponentProps<typeof Confirm>) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the focus is set inside: what is not shown yet takes none.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Gives the focus back to what had it.
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
