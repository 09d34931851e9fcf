import { Pause, Play, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Confirm } from '../../../components/ui/confirm';
import { Envelope } from '../../../components/ui/envelope';
import { FileList } from '../../../components/ui/file-list';
import { PageHeading } from '../../../components/ui/page-heading';
import { shownName } from '../../../lib/files/file-name';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import type { UploadRun, UploadState } from '../upload/upload-state';
import styles from './sending-page.module.css';
import { SendingProgress } from './sending-progress';

interface SendingPageProps {
  state: UploadState;
  run: UploadRun;
  files: readonly { name: string; size: number }[];
}

/** The open envelope, being filled. */
export function SendingPage({ state, run, files }: SendingPageProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const [giveUp, setGiveUp] = useState<'asked' | 'sure'>();
  const heading = t('upload.heading', { count: files.length });
  useDocumentTitle(heading);
  const pausable = state.step === 'sending' || state.step === 'paused' || state.step === 'waiting';
  const paused = state.step === 'paused';
  const Icon = paused ? Play : Pause;
  const listed = files.map(({ name, size }, at) => ({
    key: String(at),
    name: shownName(name),
    size: format.bytes(size),
  }));
  return (
    <Envelope seal="none">
      <div className={styles['page']}>
        <PageHeading>{heading}</PageHeading>
        <SendingProgress state={state} onRetry={() => run.resume()} />
        {giveUp ? (
          <Confirm
            title={t('upload.cancelTitle')}
            confirmLabel={t('upload.cancelYes')}
            busy={giveUp === 'sure'}
            cancelLabel={t('upload.cancelNo')}
            onConfirm={() => {
              // The server is told before the form is back, which can take a moment.
              setGiveUp('sure');
              run.cancel();
            }}
            onCancel={() => giveUp === 'asked' && setGiveUp(undefined)}
          >
            <p>{t('upload.cancelText')}</p>
          </Confirm>
        ) : (
          <div className={styles['actions']}>
            {pausable && (
              <Button
                look={paused ? 'ink' : 'plain'}
                icon={<Icon size={18} aria-hidden />}
                onClick={() => (paused ? run.resume() : run.pause())}
              >
                {t(paused ? 'upload.resume' : 'upload.pause')}
              </Button>
            )}
            <Button icon={<X size={18} aria-hidden />} onClick={() => setGiveUp('asked')}>
              {t('upload.cancel')}
            </Button>
          </div>
        )}
        <FileList files={listed} label={t('files.list')} />
        <p className={styles['hint']}>{t('upload.stay')}</p>
      </div>
    </Envelope>
  );
}
