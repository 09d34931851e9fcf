import { useLocation, useNavigate, useParams } from 'react-router';
import { RevealPage } from '../../features/reveal/components/reveal-page';

export default function RevealRoute() {
  const { id = '' } = useParams();
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  // Replaced, not pushed: the back button must not bring the key back either.
  return <RevealPage id={id} fragment={hash} onDone={() => void navigate(pathname, { replace: true })} />;
}
