import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFocusOnMount } from '../../../lib/hooks/use-focus-on-mount';
import { useFormat } from '../../../lib/hooks/use-format';
import type { Faults } from '../create.model';
import styles from './secret-field.module.css';
import { SecretText } from './secret-text';

/** The counter appears from this share of the limit on. */
const NEAR = 0.8;
/** Above this many characters the sheet stops growing with the text, because laying it out again gets slow. */
const LARGE = 10_000;

/** Browsers paste long texts line by line, which takes seconds; setting the value is instant. */
function pasteWhole(event: ClipboardEvent, field: HTMLTextAreaElement): void {
  const pasted = event.clipboardData?.getData('text/plain') ?? '';
  if (pasted.length <= LARGE || field.readOnly) return;
  event.preventDefault();
  field.setRangeText(pasted, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

interface SecretFieldProps {
  text: string;
  /** Bytes used of `maxBytes`. */
  bytes: number;
  maxBytes: number;
  /** There are files: the text is a note to them. */
  note: boolean;
  fault: Faults['text'] | undefined;
  readOnly: boolean;
  onChange: (text: string) => void;
  /** The foot of the sheet. */
  children: ReactNode;
}

/** The sheet to write on. */
export function SecretField(props: SecretFieldProps) {
  const { text, bytes, maxBytes, note, fault, readOnly, onChange, children } = props;
  const { t } = useTranslation('create');
  const format = useFormat();
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusOnMount(field);
  const near = bytes > maxBytes * NEAR;
  const over = bytes > maxBytes;
  const error = fault && t(`text.${fault}`, { limit: format.bytes(maxBytes) });

  return (
    <div className={styles['sheet']} data-invalid={error ? '' : undefined}>
      <label htmlFor="secret">{t(note ? 'text.noteLabel' : 'text.label')}</label>
      <SecretText
        ref={field}
        text={text}
        attributes={{
          id: 'secret',
          className: styles['text'],
          rows: note ? 3 : 8,
          placeholder: t(note ? 'text.notePlaceholder' : 'text.placeholder'),
          readOnly,
          'data-large': text.length > LARGE || undefined,
          'data-note': note || undefined,
          'aria-invalid': error || over ? 'true' : undefined,
          'aria-describedby': error ? 'secret-error' : undefined,
        }}
        onText={onChange}
        onPaste={pasteWhole}
      />
      <div className={styles['foot']}>
        {error && (
          <p id="secret-error" role="alert" className={styles['error']}>
            {error}
          </p>
        )}
        {near && (
          <p className={styles['count']} data-over={over || undefined} role="status">
            {t('text.count', { used: format.number(bytes), limit: format.number(maxBytes) })}
          </p>
        )}
      </div>
      {children}
    </div>
  );
}
