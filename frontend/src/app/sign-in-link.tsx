import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { paths } from '../config/paths';
import { keepFragment } from '../lib/session/kept-fragment';
import { signInPage } from '../lib/session/sign-in-address';
import { useLeavingTarget } from '../lib/unsaved';

/** A quiet link to the sign-in, which returns here. */
export function SignInLink() {
  const { t } = useTranslation('common');
  const { pathname, search, hash } = useLocation();
  const leaving = useLeavingTarget();
  if (pathname === paths.login) return null;
  return (
    <Link {...leaving} to={signInPage(pathname + search)} onClick={() => keepFragment(pathname, hash)}>
      {t('account.signIn')}
    </Link>
  );
}
