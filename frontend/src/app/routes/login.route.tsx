import { useLocation, useNavigate } from 'react-router';
import { paths } from '../../config/paths';
import { SignInPage } from '../../features/sign-in/components/sign-in-page';
import { localPath } from '../../lib/session/sign-in-address';

export default function LoginRoute() {
  const navigate = useNavigate();
  const query = new URLSearchParams(useLocation().search);
  const returnTo = localPath(query.get('returnTo')) ?? paths.create;
  return (
    <SignInPage
      problem={query.get('problem') ?? undefined}
      returnTo={returnTo}
      signedOut={query.has('signedOut')}
      onDone={() => void navigate(returnTo, { replace: true })}
    />
  );
}
