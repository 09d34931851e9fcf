import { useEffect, useMemo } from 'react';
import { flushSync } from 'react-dom';
import { problemOf } from '../../../lib/api/problem';
import { parseLinkKey } from '../../../lib/seal/link-key';
import { isUuid } from '../../../lib/uuid';
import { claims } from '../api/claim-store';
import { useReveal } from '../hooks/use-reveal';
import { obstacle, type Trouble, troubleOf } from '../trouble';
import { AshPage } from './ash-page';
import { EnvelopePage } from './envelope-page';
import { LoadingPage } from './loading-page';
import { OpenedPage } from './opened-page';
import { TroublePage } from './trouble-page';

interface RevealPageProps {
  id: string;
  /** The part of the address after the #. */
  fragment: string;
  /** Takes the key out of the address bar; called once the server has confirmed. */
  onDone: () => void;
}

/** Shows one secret: envelope, document, ash, or what stands in the way. */
export function RevealPage({ id, fragment, onDone }: RevealPageProps) {
  if (!isUuid(id)) return <TroublePage trouble={{ kind: 'cutOff' }} />;
  return <Reveal key={id} id={id} fragment={fragment} onDone={onDone} />;
}

function Reveal({ id, fragment, onDone }: RevealPageProps) {
  const linkKey = useMemo(() => parseLinkKey(fragment), [fragment]);
  const { act, status, lookError, looking, open, destroy, clear, retry, lookAgain } = useReveal(id, linkKey);

  useEffect(() => {
    // A page kept for the back button must not keep the text.
    const leave = () => flushSync(clear);
    addEventListener('pagehide', leave);
    return () => removeEventListener('pagehide', leave);
  }, []);

  useEffect(() => {
    // The whole link was pasted over the broken one: same page, new key.
    if (act.step === 'trouble' && act.trouble.kind === 'wrongLink') void lookAgain();
  }, [fragment]);

  if (act.step === 'open')
    return <OpenedPage id={id} opened={act.opened} onClear={clear} onConfirmed={onDone} />;
  if (act.step === 'cleared') return <AshPage ash={act.ash} />;
  if (act.step === 'destroyed') return <AshPage />;
  if (act.step === 'trouble') return <TroublePage trouble={act.trouble} onRetry={() => void retry()} />;

  const again = () => void lookAgain();
  if (looking && act.step === 'looking' && !act.refused) return <LoadingPage />;
  if (!status) {
    const trouble: Trouble = troubleOf(problemOf(lookError), Date.now());
    return <TroublePage trouble={trouble} onRetry={again} />;
  }
  const blocked = obstacle(
    status,
    { linkKey: Boolean(linkKey), claim: Boolean(claims.held(id)) },
    Date.now(),
  );
  if (blocked) return <TroublePage trouble={blocked} onRetry={again} />;
  return (
    <EnvelopePage
      status={status}
      act={act}
      onOpen={(passphrase) => void open(passphrase)}
      onDestroy={(passphrase) => void destroy(passphrase)}
    />
  );
}
