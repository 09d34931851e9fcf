import { Check, Download, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { ProgressBar } from '../../../components/ui/progress-bar';
import { MEMORY_LIMIT_BYTES } from '../../../lib/files-sink/memory.sink';
import { useFormat } from '../../../lib/hooks/use-format';
import type { TransferState } from '../download/transfer';
import styles from './file-transfer.module.css';

interface FileTransferProps {
  /** In displayable form. */
  name: string;
  /** Label of the button at first. */
  label: string;
  /** Whether that names the file already. */
  selfNamed?: boolean;
  look?: 'plain' | 'ink';
  state: TransferState | undefined;
  /** `handed`: given to the browser; this page cannot see whether it was kept. */
  kept: 'saved' | 'handed' | undefined;
  /** The server has purged its copy. */
  over: boolean;
  /** The reader wants to choose the folder. */
  asking: boolean;
  onStart: () => void;
  onPause: () => void;
  onResume: () => void;
  onCancel: () => void;
}

const UNDER_WAY = new Set<TransferState['phase'] | undefined>(['running', 'paused', 'waiting']);

/** Current action of the button, and the name of its text. */
function nextAct({ state, kept, ...props }: FileTransferProps): readonly [key: string, act: () => void] {
  switch (state?.phase) {
    case 'running':
    case 'waiting':
      return ['pause', props.onPause];
    case 'paused':
      return ['resume', props.onResume];
    case 'failed':
      return ['again', props.onStart];
    default:
      return [kept ? 'repeat' : 'save', props.onStart];
  }
}

/**
 * The save button of one item, and its progress. The same button element stays, so that it keeps the focus.
 */
export function FileTransfer(props: FileTransferProps) {
  const { name, state, kept, over } = props;
  const { t } = useTranslation('reveal');
  const format = useFormat();
  const [letGo, setLetGo] = useState(false);
  const phase = state?.phase;
  const underWay = UNDER_WAY.has(phase);
  const [key, act] = nextAct(props);
  /** From this device, if it still has it: the server may have nothing more. */
  const press = () => {
    if (phase === 'saved' && (over || !props.asking) && state?.again?.()) return;
    if (over && !underWay) setLetGo(true);
    else act();
  };
  const offered = underWay || !over || (state?.again !== undefined && !letGo);
  const word = key === 'save' ? props.label : t(`files.${key}`);

  return (
    <>
      {(!over || underWay || kept) && (
        <div className={styles['actions']}>
          {kept && !underWay && (
            <span className={styles['saved']}>
              {kept === 'saved' ? <Check size={18} aria-hidden /> : <FolderOpen size={18} aria-hidden />}
              {t(`files.${kept}`)}
            </span>
          )}
          {underWay && (
            <Button aria-label={`${t('files.cancel')}: ${name}`} onClick={props.onCancel}>
              {t('files.cancel')}
            </Button>
          )}
          {offered && (
            <Button
              look={kept || underWay ? 'plain' : (props.look ?? 'plain')}
              icon={underWay ? undefined : <Download size={18} aria-hidden />}
              aria-label={key === 'save' && props.selfNamed ? undefined : `${word}: ${name}`}
              onClick={press}
            >
              {word}
            </Button>
          )}
        </div>
      )}
      {state && underWay && <Progress name={name} state={state} />}
      {state?.trouble && (
        // The purged copy is reported once, for all of them.
        <p role={state.trouble === 'gone' ? undefined : 'alert'} className={styles['trouble']}>
          {t(`files.trouble.${state.trouble}`, { limit: format.bytes(MEMORY_LIMIT_BYTES) })}
        </p>
      )}
    </>
  );
}

function Progress({ name, state }: { name: string; state: TransferState }) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  const { phase, done, total, speed, left } = state;
  const moved = t('files.moved', { done: format.bytes(done), total: format.bytes(total) });
  const parts = [
    moved,
    phase === 'running'
      ? speed !== undefined && t('files.speed', { size: format.bytes(speed) })
      : t(`files.${phase}`),
    left !== undefined && left > 0 && t('files.left', { time: format.roughly(left) }),
  ];
  return (
    <div className={styles['progress']}>
      <ProgressBar
        label={t('files.bar', { name })}
        value={total === 0 ? undefined : done / total}
        text={moved}
        still={phase !== 'running'}
      />
      <p className={styles['numbers']}>{parts.filter(Boolean).join(' · ')}</p>
    </div>
  );
}
