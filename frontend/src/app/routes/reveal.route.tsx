import { useEffect } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { RevealPage } from '../../features/reveal/components/reveal-page';
import { takeFragment } from '../../lib/session/kept-fragment';
import { useSession } from '../../lib/session/session-context';

export default function RevealRoute() {
  const { id = '' } = useParams();
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const { signIn } = useSession();

  useEffect(() => {
    // Read in any case: after the sign-in it is in the URL, and nowhere else.
    const kept = takeFragment(pathname);
    if (hash === '' && kept !== '') void navigate(pathname + kept, { replace: true });
  }, [hash, pathname, navigate]);

  return (
    <RevealPage
      id={id}
      fragment={hash}
      // Replaced, not pushed: the back button must not bring the key back either.
      onDone={() => void navigate(pathname, { replace: true })}
      onSignIn={(other) => signIn(pathname, hash, other)}
    />
  );
}
