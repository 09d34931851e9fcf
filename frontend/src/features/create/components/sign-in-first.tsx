import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../../../config/paths';
import { callName, personOf } from '../../../lib/session/session';
import { useSession } from '../../../lib/session/session-context';
import { signInPage } from '../../../lib/session/sign-in-address';

/**
 * Opens another tab to sign in. The draft is only on this page, so this page must stay; it notices when the
 * person comes back.
 */
export function SignInFirst() {
  const { t } = useTranslation('create');
  const { session, ask } = useSession();
  // The known session is out of date after a refusal.
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
