import { Check } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { DropZone } from '../../../components/ui/drop-zone';
import { FileList } from '../../../components/ui/file-list';
import { Notice } from '../../../components/ui/notice';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { shownName } from '../../../lib/files/file-name';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { useFileDrop } from '../hooks/use-file-drop';
import { totalBytes } from '../manifest';
import { problemText } from '../problem-text';
import { type FoundFiles, matchFiles } from '../upload/match-files';
import type { PendingUpload } from '../upload/pending-upload';
import type { UploadProblem } from '../upload/upload-state';
import { ChooseFiles } from './choose-files';
import styles from './sending-page.module.css';

interface InterruptedPageProps {
  pending: PendingUpload;
  problem: UploadProblem | undefined;
  onGoOn: (files: readonly File[]) => void;
  onDiscard: () => void;
}

/** After a reload: the files must be chosen again, since no page may read them by itself. */
export function InterruptedPage({ pending, problem, onGoOn, onDiscard }: InterruptedPageProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  useDocumentTitle(t('interrupted.heading'));
  const [found, setFound] = useState<FoundFiles>([]);
  const [strangers, setStrangers] = useState<readonly string[]>([]);
  const { files, arrived, payloadBytes } = pending;
  const ready = arrived === payloadBytes;

  const offer = (offered: readonly File[]) => {
    const next = matchFiles(files, found, offered);
    setFound(next.found);
    setStrangers(next.strangers);
    const whole = next.found.filter((file) => file !== undefined);
    if (whole.length === files.length) onGoOn(whole);
  };
  const dragging = useFileDrop((offered) => !ready && offer(offered.files));

  const total = totalBytes(files);
  const numbers = {
    sent: format.bytes(ready ? total : Math.floor((total * arrived) / payloadBytes)),
    total: format.bytes(total),
  };
  const listed = files.map(({ name, size }, at) => ({
    key: String(at),
    name: shownName(name),
    size: format.bytes(size),
    aside: found[at] && (
      <span className={styles['found']}>
        <Check size={16} aria-hidden />
        {t('interrupted.found')}
      </span>
    ),
  }));
  return (
    <Sheet>
      <div className={styles['page']}>
        <PageHeading>{t('interrupted.heading')}</PageHeading>
        <p>{ready ? t('interrupted.ready') : t('interrupted.text', numbers)}</p>
        <FileList files={listed} label={t('files.list')} />
        {strangers.length > 0 && (
          <Notice kind="alert">
            <p>{t('interrupted.stranger', { name: shownName(strangers[0] ?? '') })}</p>
          </Notice>
        )}
        {problem && (
          <Notice kind="alert">
            <p>{problemText(problem, t, format)}</p>
            <p>{t('interrupted.again')}</p>
          </Notice>
        )}
        <div className={styles['actions']}>
          {ready ? (
            <Button look="ink" onClick={() => onGoOn([])}>
              {t('interrupted.finish')}
            </Button>
          ) : (
            <ChooseFiles look="ink" onFiles={offer}>
              {t('interrupted.choose', { count: files.length })}
            </ChooseFiles>
          )}
          <Button onClick={onDiscard}>{t('interrupted.discard')}</Button>
        </div>
      </div>
      {dragging && <DropZone label={t('interrupted.drop')} />}
    </Sheet>
  );
}
