import type { SecretStatus } from '@burnbag/contract';
import { Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Confirm } from '../../../components/ui/confirm';
import { TextField } from '../../../components/ui/text-field';
import type { Act } from '../reveal.model';
import styles from './open-form.module.css';

interface OpenFormProps {
  status: SecretStatus;
  act: Act;
  onOpen: (passphrase?: string) => void;
  onDestroy: (passphrase?: string) => void;
}

function selectField(form: HTMLFormElement | null): void {
  const field = form?.querySelector('input');
  field?.focus();
  field?.select();
}

/** The deliberate act. A passphrase is asked for here, before anything is opened. */
export function OpenForm({ status, act, onOpen, onDestroy }: OpenFormProps) {
  const { t } = useTranslation('reveal');
  const [passphrase, setPassphrase] = useState('');
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const busy = act.step === 'opening' || act.step === 'destroying';
  const refused = act.step === 'looking' ? act.refused : undefined;

  useEffect(() => {
    if (refused) selectField(form.current);
  }, [refused]);

  const withPassphrase = (go: (passphrase?: string) => void) => {
    if (!status.passphraseRequired) return go();
    if (passphrase !== '') return go(passphrase);
    setMissing(true);
    selectField(form.current);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) withPassphrase(onOpen);
  };

  const wrong =
    refused &&
    t(
      'passphrase.wrong',
      refused.attemptsLeft === undefined ? {} : { context: 'count', count: refused.attemptsLeft },
    );
  const error = missing ? t('passphrase.missing') : wrong;
  const Icon = shown ? EyeOff : Eye;
  return (
    <form ref={form} className={styles['form']} onSubmit={submit} noValidate>
      {status.passphraseRequired && (
        <TextField
          label={t('passphrase.label')}
          type={shown ? 'text' : 'password'}
          name="passphrase"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={passphrase}
          readOnly={busy}
          onChange={(event) => {
            setPassphrase(event.target.value);
            setMissing(false);
          }}
          error={busy ? undefined : error}
          hint={t('passphrase.hint')}
          actions={
            <Button
              icon={<Icon size={18} aria-hidden />}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            >
              {t('passphrase.show')}
            </Button>
          }
        />
      )}
      {confirming ? (
        <Confirm
          title={t('destroy.title')}
          confirmLabel={t('destroy.confirm')}
          cancelLabel={t('destroy.cancel')}
          onConfirm={() => {
            setConfirming(false);
            withPassphrase(onDestroy);
          }}
          onCancel={() => setConfirming(false)}
        >
          <p>{t('destroy.text')}</p>
        </Confirm>
      ) : (
        <div className={styles['actions']}>
          <Button type="submit" look="ember" busy={busy}>
            {t('break')}
          </Button>
          <p role="status" className={styles['progress']}>
            {act.step === 'destroying' && t('destroying')}
            {act.step === 'opening' && t(act.progress === undefined ? 'opening' : 'stretching')}
          </p>
          {act.step === 'opening' && act.progress !== undefined && (
            <progress className={styles['bar']} aria-label={t('stretching')} value={act.progress} />
          )}
          <Button look="quiet" onClick={() => !busy && setConfirming(true)}>
            {t('destroy.offer')}
          </Button>
        </div>
      )}
    </form>
  );
}
