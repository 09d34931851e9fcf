import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../../../config/paths';
import { callName, personOf } from '../../../lib/session/session';
import { useSession } from '../../../lib/session/session-context';
import { signInPage } from '../../../lib/session/sign-in-address';

/**
 * Another tab to sign in. What was typed is on this page and nowhere else, so this page must not be left for it; it
 * notices by itself when its reader comes back.
 */
export function SignInFirst() {
  const { t } = useTranslation('create');
  const { session, ask } = useSession();
  // What was known before the server refused is out of date.
  const [asked, setAsked] = useState(false);
  const person = asked ? personOf(session) : undefined;

  useEffect(() => {
    const look = () => void ask().then(() => setAsked(true));
    look();
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [ask]);

  if (person) return <p role="status">{t('signIn.done', { name: callName(person) })}</p>;
  return (
    <p>
      <a href={signInPage(paths.login)} target="_blank" rel="noreferrer">
        {t('signIn.open')}
      </a>
    </p>
  );
}
