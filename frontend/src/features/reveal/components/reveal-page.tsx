import { isSecretId } from '@burnbag/contract';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { flushSync } from 'react-dom';
import { parseLinkKey } from '../../../lib/seal/link-key';
import { FilesPage } from '../load-files-page';
import { useReveal } from '../hooks/use-reveal';
import { GonePage } from './gone-page';
import { EnvelopePage } from './envelope-page';
import { LoadingPage } from './loading-page';
import { OpenedPage } from './opened-page';
import { TroublePage } from './trouble-page';

interface RevealPageProps {
  id: string;
  /** The part of the URL after the #. */
  fragment: string;
  /** Removes the key from the address bar; called once the server has confirmed. */
  onDone: () => void;
  /** Goes to sign in, and comes back with the same fragment. @param other to sign in under another account */
  onSignIn: (other: boolean) => void;
}

/** Shows one secret: envelope, document, ash, or a problem. */
export function RevealPage(props: RevealPageProps) {
  if (!isSecretId(props.id)) return <TroublePage trouble={{ kind: 'cutOff' }} />;
  return <Reveal key={props.id} {...props} />;
}

/** Problems after which the same request may be sent again; after the others the status is read again. */
const SAME_AGAIN = new Set([
  'offline',
  'unavailable',
  'busy',
  'damaged',
  'filesDamaged',
  'undecryptable',
  'unexpected',
]);

function Reveal({ id, fragment, onDone, onSignIn }: RevealPageProps) {
  const linkKey = useMemo(() => parseLinkKey(fragment), [fragment]);
  const reveal = useReveal(id, linkKey);
  const { act, status, blocked, looking, open, destroy, clear, retry, lookAgain } = reveal;

  // A page that the browser keeps for the back button must not keep the text.
  const leave = useEffectEvent(() => flushSync(reveal.leave));
  const comeBack = useEffectEvent(() => act.step === 'looking' && void lookAgain());
  useEffect(() => {
    const hide = () => leave();
    const show = (event: PageTransitionEvent) => event.persisted && comeBack();
    addEventListener('pagehide', hide);
    addEventListener('pageshow', show);
    return () => {
      removeEventListener('pagehide', hide);
      removeEventListener('pageshow', show);
    };
  }, []);

  if (act.step === 'open') {
    const { opened } = act;
    if (opened.kind === 'text')
      return <OpenedPage id={id} opened={opened} onClear={clear} onConfirmed={onDone} />;
    return <FilesPage id={id} opened={opened} onClear={clear} onConfirmed={onDone} />;
  }
  if (act.step === 'cleared') return <GonePage ash={act.ash} />;
  if (act.step === 'destroyed') return <GonePage />;
  if (act.step === 'trouble') {
    const again = SAME_AGAIN.has(act.trouble.kind) ? retry : lookAgain;
    return <TroublePage trouble={act.trouble} onRetry={() => void again()} onSignIn={onSignIn} />;
  }
  if (looking && act.step === 'looking' && !act.refused) return <LoadingPage />;
  if (blocked) return <TroublePage trouble={blocked} onRetry={() => void lookAgain()} onSignIn={onSignIn} />;
  if (!status) return <LoadingPage />;
  return (
    <EnvelopePage
      status={status}
      act={act}
      onOpen={(passphrase) => void open(passphrase)}
      onDestroy={(passphrase) => void destroy(passphrase)}
    />
  );
}
