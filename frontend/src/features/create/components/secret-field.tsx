import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/hooks/use-format';
import { utf8Length } from '../../../lib/text';
import type { Faults } from '../create.model';
import { type DropRefusal, useFileDrop } from '../hooks/use-file-drop';
import styles from './secret-field.module.css';

/** The counter appears from this share of the limit on. */
const NEAR = 0.8;

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
        autoFocus
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
