import { Dices, Eye, EyeOff } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { TextField } from '../../../components/ui/text-field';
import { useFocusOnMount } from '../../../lib/hooks/use-focus-on-mount';
import type { Faults } from '../create.model';
import { estimateBits, generatePassphrase, type Strength, strengthOf } from '../passphrase';
import styles from './panel.module.css';

const STEPS: readonly Strength[] = ['weak', 'fair', 'good', 'strong'];

interface PassphrasePanelProps {
  value: string;
  fault: Faults['passphrase'] | undefined;
  most: number;
  onChange: (passphrase: string) => void;
}

/** A second secret, sent another way than the link. */
export function PassphrasePanel({ value, fault, most, onChange }: PassphrasePanelProps) {
  const { t } = useTranslation('create');
  const [shown, setShown] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useFocusOnMount(field);
  const strength = strengthOf(estimateBits(value));
  const level = value === '' ? 0 : STEPS.indexOf(strength) + 1;
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className={styles['panel']}>
      <TextField
        label={t('passphrase.label')}
        type={shown ? 'text' : 'password'}
        name="new-passphrase"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        ref={field}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={fault && t(`passphrase.${fault}`, { most })}
        hint={
          <>
            <div className={styles['meter']} aria-hidden="true">
              {STEPS.map((step, at) => (
                <span key={step} data-on={at < level || undefined} />
              ))}
            </div>
            <p role="status">{value === '' ? t('passphrase.hint') : t(`passphrase.strength.${strength}`)}</p>
          </>
        }
        actions={
          <Button icon={<Icon size={18} aria-hidden />} aria-pressed={shown} onClick={() => setShown(!shown)}>
            {t('passphrase.show')}
          </Button>
        }
      />
      <div className={styles['actions']}>
        <Button
          look="quiet"
          icon={<Dices size={18} aria-hidden />}
          onClick={() => {
            onChange(generatePassphrase());
            setShown(true);
          }}
        >
          {t('passphrase.generate')}
        </Button>
        {value !== '' && (
          <Button look="quiet" onClick={() => onChange('')}>
            {t('passphrase.remove')}
          </Button>
        )}
      </div>
    </div>
  );
}
