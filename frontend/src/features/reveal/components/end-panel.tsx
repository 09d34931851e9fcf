import { Flame } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Confirm } from '../../../components/ui/confirm';
import { useFocusOnMount } from '../../../lib/hooks/use-focus-on-mount';
import { useCountdown } from '../../../lib/hooks/use-countdown';
import { AskSaved } from './ask-saved';
import styles from './end-panel.module.css';

/**
 * Milliseconds between the last saved file and the end of the server's copy: time to notice, and to stop it.
 */
const GRACE_MS = 20_000;

interface EndPanelProps {
  /** Files that are neither saved nor given to the browser. */
  unsaved: number;
  /** Files that the browser was given and the reader has not confirmed. */
  handed: number;
  busy: boolean;
  /** Whether this was the last opening; else the link still works. */
  last: boolean;
  onEnd: () => void;
  /** The reader confirms that all downloads were saved. */
  onConfirm: () => void;
  /** Gives it to the browser again. */
  onHandAgain: () => void;
}

/**
 * Ends the server's copy: at once, after a question when not everything is saved, or automatically when
 * everything is known to be saved.
 */
export function EndPanel({ unsaved, handed, busy, last, onEnd, onConfirm, onHandAgain }: EndPanelProps) {
  const { t } = useTranslation('reveal');
  const [confirming, setConfirming] = useState(false);
  const [kept, setKept] = useState(false);
  const [confirmed, setConfirmed] = useState(false);
  const kind = last ? 'last' : 'more';

  if (unsaved === 0 && handed > 0 && !busy) {
    const confirm = () => {
      setConfirmed(true);
      onConfirm();
    };
    return <AskSaved count={handed} onYes={confirm} onAgain={onHandAgain} />;
  }
  if (unsaved === 0 && !busy && !kept) {
    return <Finished kind={kind} asked={confirmed} onEnd={onEnd} onKeep={() => setKept(true)} />;
  }
  if (confirming) {
    return (
      <Confirm
        title={t('files.end.title')}
        confirmLabel={t('files.end.confirm')}
        cancelLabel={t('files.end.cancel')}
        onConfirm={onEnd}
        onCancel={() => setConfirming(false)}
      >
        <p>{busy ? t('files.end.busy') : t('files.end.unsaved', { count: unsaved })}</p>
      </Confirm>
    );
  }
  return (
    <div className={styles['panel']}>
      <Button
        icon={<Flame size={18} aria-hidden />}
        onClick={() => (unsaved > 0 || busy ? setConfirming(true) : onEnd())}
      >
        {t(`files.end.${kind}.offer`)}
      </Button>
      <p>{t(`files.end.${kind}.hint`)}</p>
    </div>
  );
}

interface FinishedProps {
  kind: 'last' | 'more';
  /** The reader has just answered, so the focus must move on. */
  asked: boolean;
  onEnd: () => void;
  onKeep: () => void;
}

function Finished({ kind, asked, onEnd, onKeep }: FinishedProps) {
  const { t } = useTranslation('reveal');
  const [until] = useState(() => Date.now() + GRACE_MS);
  const seconds = useCountdown(until);
  const wayBack = useRef<HTMLButtonElement>(null);
  const nothing = useRef<HTMLButtonElement>(null);
  useFocusOnMount(asked ? wayBack : nothing);
  const end = useEffectEvent(onEnd);
  useEffect(() => {
    if (seconds === 0) end();
  }, [seconds]);
  return (
    <div className={styles['finished']}>
      <p role="status" className={styles['word']}>
        {t('files.end.all')}
      </p>
      <p>{t(`files.end.${kind}.soon`, { count: seconds })}</p>
      <div className={styles['actions']}>
        <Button icon={<Flame size={18} aria-hidden />} onClick={onEnd}>
          {t(`files.end.${kind}.now`)}
        </Button>
        <Button ref={wayBack} look="quiet" onClick={onKeep}>
          {t('files.end.keep')}
        </Button>
      </div>
    </div>
  );
}
