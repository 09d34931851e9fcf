import { PASSWORD_MAX_CHARACTERS, USERNAME_MAX_CHARACTERS } from '@burnbag/contract';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Clock } from '../../../components/ui/clock';
import { Notice } from '../../../components/ui/notice';
import { TextField } from '../../../components/ui/text-field';
import { useApi } from '../../../lib/api/api-context';
import { type Problem, problemOf } from '../../../lib/api/problem';
import { signInLocally } from '../../../lib/session/session';
import { useSession } from '../../../lib/session/session-context';
import styles from './sign-in.module.css';

type Trouble = { problem: Problem; until?: number };

/** The password is taken out of its field when it is sent, and is nowhere else. */
export function LocalForm({ onDone, focus }: { onDone: () => void; focus: boolean }) {
  const { t } = useTranslation('login');
  const api = useApi();
  const { adopt } = useSession();
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  useEffect(() => {
    if (focus) name.current?.focus();
  }, [focus]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const [who, what] = [name.current?.value ?? '', password.current?.value ?? ''];
    if (busy) return;
    if (who === '' || what === '') return (who === '' ? name : password).current?.focus();
    setBusy(true);
    setTrouble(undefined);
    try {
      adopt(await signInLocally(api, who, what));
      onDone();
    } catch (error) {
      const problem = problemOf(error);
      const wait = 'retryAfterSeconds' in problem ? problem.retryAfterSeconds : undefined;
      setTrouble({ problem, ...(wait === undefined ? {} : { until: Date.now() + wait * 1_000 }) });
      setBusy(false);
      if (password.current) password.current.value = '';
      password.current?.focus();
    }
  };

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)} noValidate>
      {trouble && (
        <Notice kind="alert">
          <p>{t(`local.problem.${textOf(trouble.problem)}`)}</p>
          {trouble.until !== undefined && <Clock until={trouble.until} />}
        </Notice>
      )}
      <TextField
        ref={name}
        label={t('local.name')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={USERNAME_MAX_CHARACTERS}
      />
      <TextField
        ref={password}
        label={t('local.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        maxLength={PASSWORD_MAX_CHARACTERS}
      />
      <p>
        <Button look="ink" type="submit" busy={busy}>
          {t('local.submit')}
        </Button>
      </p>
    </form>
  );
}

function textOf({ code }: Problem) {
  switch (code) {
    case 'sign_in_wrong':
    case 'sign_in_locked':
    case 'rate_limited':
    case 'network':
    case 'csrf_refused':
    case 'local_sign_in_off':
      return code;
    case 'sign_in_busy':
    case 'store_unavailable':
    case 'proxy_answer':
      return 'busy';
    default:
      return 'other';
  }
}
