import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { TextField } from '../../../components/ui/text-field';
import { useFocusOnMount } from '../../../lib/hooks/use-focus-on-mount';
import { type RecipientsFault, recipientsIn } from '../recipients';
import styles from './panel.module.css';

interface RecipientsPanelProps {
  value: string;
  fault: RecipientsFault | undefined;
  most: number;
  /** Whether it may be left empty. */
  optional: boolean;
  onChange: (recipients: string) => void;
}

/** The recipients, by the e-mail addresses with which they sign in. */
export function RecipientsPanel({ value, fault, most, optional, onChange }: RecipientsPanelProps) {
  const { t } = useTranslation('create');
  const field = useRef<HTMLInputElement>(null);
  useFocusOnMount(field);
  const count = recipientsIn(value).length;
  const error = () => {
    if (!fault) return undefined;
    if (fault.kind === 'address') return t('recipients.address', { address: fault.address });
    return fault.kind === 'tooMany' ? t('recipients.tooMany', { most }) : t('recipients.missing');
  };
  return (
    <div className={styles['panel']}>
      <TextField
        label={t('recipients.label')}
        type="text"
        inputMode="email"
        name="recipients"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={t('recipients.example')}
        ref={field}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error()}
        hint={
          <>
            <p>
              {t('recipients.hint')} {optional && t('recipients.empty')}
            </p>
            <p role="status">{count > 1 ? t('recipients.count', { count }) : ''}</p>
          </>
        }
      />
      {optional && value !== '' && (
        <div className={styles['actions']}>
          <Button look="quiet" onClick={() => onChange('')}>
            {t('recipients.remove')}
          </Button>
        </div>
      )}
    </div>
  );
}
