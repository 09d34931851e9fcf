import type { Session } from '@burnbag/contract';
import { LogIn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ButtonLink } from '../../../components/ui/button';
import { paths } from '../../../config/paths';
import { providerAddress } from '../../../lib/session/sign-in-address';
import { LocalForm } from './local-form';
import styles from './sign-in.module.css';

interface WaysInProps {
  session: Session;
  returnTo: string;
  /** A try has failed before. */
  again: boolean;
  onDone: () => void;
}

/** The provider first, where there is one; the local administrator is for emergencies then. */
export function WaysIn({ session, returnTo, again, onDone }: WaysInProps) {
  const { t } = useTranslation('login');
  const { oidc, local } = session.signIn;
  if (!oidc && !local) {
    return (
      <>
        <p>{t('nobody.text')}</p>
        <p>
          <Link to={paths.create}>{t('nobody.home')}</Link>
        </p>
      </>
    );
  }
  const form = <LocalForm onDone={onDone} focus={!oidc} />;
  return (
    <>
      {oidc && (
        <>
          <p>{t('provider.text')}</p>
          <p>
            <ButtonLink look="ink" icon={<LogIn size={18} aria-hidden />} href={providerAddress(returnTo)}>
              {again ? t('provider.again') : t('provider.go')}
            </ButtonLink>
          </p>
        </>
      )}
      {local && oidc && (
        <details className={styles['local']}>
          <summary>{t('local.heading')}</summary>
          {form}
        </details>
      )}
      {local && !oidc && (
        <>
          <p>{t('local.text')}</p>
          {form}
        </>
      )}
      <p className={styles['hint']}>{session.authMode === 'oidc' ? t('forOpening') : t('forNothing')}</p>
    </>
  );
}
