import { type ClipboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFocusOnMount } from '../../../lib/hooks/use-focus-on-mount';
import { useFormat } from '../../../lib/hooks/use-format';
import { utf8Length } from '../../../lib/text';
import type { Faults } from '../create.model';
import { type DropRefusal, useFileDrop } from '../hooks/use-file-drop';
import styles from './secret-field.module.css';

/** The counter appears from this share of the limit on. */
const NEAR = 0.8;
/** Above this many characters the sheet stops growing with the text, because laying it out again gets slow. */
const LARGE = 10_000;

/** Browsers paste long texts line by line, which takes seconds; set as a whole it is there at once. */
function pasteWhole(event: ClipboardEvent<HTMLTextAreaElement>): void {
  const pasted = event.clipboardData.getData('text/plain');
  if (pasted.length <= LARGE || event.currentTarget.readOnly) return;
  event.preventDefault();
  const { selectionStart, selectionEnd } = event.currentTarget;
  event.currentTarget.setRangeText(pasted, selectionStart, selectionEnd, 'end');
  event.currentTarget.dispatchEvent(new Event('input', { bubbles: true }));
}

interface SecretFieldProps {
  text: string;
  maxBytes: number;
  fault: Faults['text'] | undefined;
  readOnly: boolean;
  onChange: (text: string) => void;
}

/** The sheet to write on. Spell checking is off because some browsers send the text away for it. */
export function SecretField({ text, maxBytes, fault, readOnly, onChange }: SecretFieldProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusOnMount(field);
  const [dropped, setDropped] = useState<DropRefusal>();
  useFileDrop({
    maxBytes,
    onText: (content) => {
      setDropped(undefined);
      onChange(content);
    },
    onRefused: setDropped,
  });

  const bytes = utf8Length(text);
  const near = bytes > maxBytes * NEAR;
  const over = bytes > maxBytes;
  const limit = format.bytes(maxBytes);
  const error = fault ? t(`text.${fault}`, { limit }) : dropped && t(`drop.${dropped}`, { limit });

  return (
    <div className={styles['sheet']} data-invalid={error ? '' : undefined}>
      <label htmlFor="secret">{t('text.label')}</label>
      <textarea
        id="secret"
        className={styles['text']}
        data-large={text.length > LARGE || undefined}
        ref={field}
        rows={8}
        value={text}
        readOnly={readOnly}
        placeholder={t('text.placeholder')}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        aria-invalid={error || over ? true : undefined}
        aria-describedby={error ? 'secret-error' : undefined}
        onPaste={pasteWhole}
        onChange={(event) => {
          setDropped(undefined);
          onChange(event.target.value);
        }}
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
    </div>
  );
}
