import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './text-field.module.css';

interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Buttons beside the field. */
  actions?: ReactNode;
}

/** A labelled field whose error is shown beside it and read out with it. */
export function TextField({ label, hint, error, actions, id, ...input }: TextFieldProps) {
  const own = useId();
  const field = id ?? own;
  const described = [error && `${field}-error`, hint && `${field}-hint`].filter(Boolean).join(' ');
  return (
    <div className={styles['field']}>
      <label htmlFor={field}>{label}</label>
      <div className={styles['row']}>
        <input
          {...input}
          id={field}
          className={styles['input']}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
        />
        {actions}
      </div>
      {error && (
        <p id={`${field}-error`} className={styles['error']} role="alert">
          {error}
        </p>
      )}
      {hint && (
        <div id={`${field}-hint`} className={styles['hint']}>
          {hint}
        </div>
      )}
    </div>
  );
}
