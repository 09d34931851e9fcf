import { type IssueToken, TOKEN_NAME_MAX_CHARACTERS, TOKEN_SCOPES, type TokenScope } from '@burnbag/contract';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { ChoiceGroup } from '../../../components/ui/choice-group';
import { Notice } from '../../../components/ui/notice';
import { TextField } from '../../../components/ui/text-field';
import { useFocusOnMount } from '../../../lib/hooks/use-focus-on-mount';
import { useFormat } from '../../../lib/hooks/use-format';
import styles from './tokens.module.css';

const DAY = 86_400;
const LIFETIMES = [7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];

interface NewTokenFormProps {
  /** Scopes that this person may grant: only those of their own rights. */
  scopes: readonly TokenScope[];
  busy: boolean;
  failed: boolean;
  onMake: (token: IssueToken) => void;
  onCancel: () => void;
}

export function NewTokenForm({ scopes: offered, busy, failed, onMake, onCancel }: NewTokenFormProps) {
  const { t } = useTranslation('tokens');
  const format = useFormat();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly TokenScope[]>(['create']);
  const [ttlSeconds, setTtl] = useState(90 * DAY);
  const [wrong, setWrong] = useState<'name' | 'scopes'>();
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const missing = name.trim() === '' ? 'name' : scopes.length === 0 ? 'scopes' : undefined;
    setWrong(missing);
    if (missing === 'name') first.current?.focus();
    if (!missing) onMake({ name: name.trim(), scopes: [...scopes], ttlSeconds });
  };
  const toggle = (scope: TokenScope) =>
    setScopes(TOKEN_SCOPES.filter((one) => (one === scope) !== scopes.includes(one)));

  return (
    <form className={styles['form']} aria-label={t('form.heading')} onSubmit={submit} noValidate>
      <h2>{t('form.heading')}</h2>
      {failed && <Notice kind="alert">{t('form.failed')}</Notice>}
      <TextField
        ref={first}
        label={t('form.name')}
        hint={t('form.nameHint')}
        error={wrong === 'name' ? t('form.nameMissing') : undefined}
        value={name}
        maxLength={TOKEN_NAME_MAX_CHARACTERS}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className={styles['scopes']}>
        <legend>{t('form.scopes')}</legend>
        {offered.map((scope) => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            <span>{t(`scope.${scope}.text`)}</span>
          </label>
        ))}
        {wrong === 'scopes' && <p role="alert">{t('form.scopesMissing')}</p>}
      </fieldset>
      <ChoiceGroup
        legend={t('form.expiry')}
        value={String(ttlSeconds)}
        options={LIFETIMES.map((seconds) => ({ value: String(seconds), label: format.duration(seconds) }))}
        onChange={(seconds) => setTtl(Number(seconds))}
      />
      <div className={styles['actions']}>
        <Button look="ink" type="submit" busy={busy}>
          {t('form.submit')}
        </Button>
        <Button onClick={onCancel}>{t('form.cancel')}</Button>
      </div>
    </form>
  );
}
