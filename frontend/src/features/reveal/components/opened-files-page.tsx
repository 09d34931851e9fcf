import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../components/ui/notice';
import { PageHeading } from '../../../components/ui/page-heading';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { savedFiles } from '../api/saved-files';
import { useAcknowledge } from '../hooks/use-acknowledge';
import { useDownloadManager } from '../hooks/use-download-manager';
import { useLease } from '../hooks/use-lease';
import { useUnsaved } from '../../../lib/unsaved';
import type { OpenedFiles } from '../reveal.model';
import { EndPanel } from './end-panel';
import { DownloadList } from './download-list';
import { LeaseNotice } from './lease-notice';
import { Note } from './note';
import { OpenedFrame } from './opened-frame';
import styles from './opened-files-page.module.css';
import { TransferNews } from './transfer-news';

interface OpenedFilesPageProps {
  id: string;
  opened: OpenedFiles;
  /** Clears the page. */
  onClear: () => void;
  /** The server has purged its copy. */
  onConfirmed: () => void;
}

/**
 * The opened files: a note, and files to save. The server keeps its copy until they are saved, or the lease
 * ends.
 */
export function OpenedFilesPage({ id, opened, onClear, onConfirmed }: OpenedFilesPageProps) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  useDocumentTitle(t('files.title'));
  const { manifest, access, size, viewsLeft } = opened;
  const { files, note } = manifest;
  const { desk, transfers, saved, handed, movedAt } = useDownloadManager(opened);
  const [ending, setEnding] = useState(false);
  const acknowledged = useAcknowledge(id, ending, () => {
    savedFiles.drop(id);
    onConfirmed();
  });

  const states = [...transfers.values()];
  const busy = states.some(({ phase }) => phase !== 'saved' && phase !== 'failed');
  const unsaved = files.length - saved.size - handed.size;
  const asking = unsaved === 0 && handed.size > 0 && !busy;
  const lease = useLease(opened, { movedAt, asking, over: ending });
  const gone = !ending && (lease.ended || states.some(({ trouble }) => trouble === 'gone'));
  const over = ending || gone;
  useUnsaved(!over && (unsaved > 0 || handed.size > 0 || busy));

  const last = viewsLeft === 0;
  const burned = acknowledged === 'confirmed' || gone;
  const count = files.length;
  return (
    <OpenedFrame
      burned={last && burned}
      stub={<p>{stubText()}</p>}
      ash={{ burned: t('files.ash'), clearing: t('files.clearing') }}
      clear={
        gone || acknowledged !== 'pending'
          ? { label: t('files.clear'), hint: t('files.clearHint') }
          : undefined
      }
      onClear={onClear}
      below={
        <>
          <TransferNews files={files} transfers={transfers} saved={saved} handed={handed} />
          {!over && (
            <EndPanel
              unsaved={unsaved}
              handed={handed.size}
              busy={busy}
              last={last}
              onEnd={() => {
                desk.close();
                setEnding(true);
              }}
              onConfirm={desk.confirm}
              onHandAgain={desk.handAgain}
            />
          )}
        </>
      }
    >
      {(leaving) => (
        <>
          <PageHeading>{t('files.heading', { count })}</PageHeading>
          <p className={styles['soft']}>
            {t('files.about', { size: format.bytes(size) })}{' '}
            {t(access.identity === undefined ? 'files.server' : 'files.sealed', { count })}
          </p>
          {gone && (
            <Notice kind="alert">
              {last ? t('files.gone') : t('files.leaseEnded', { count: viewsLeft })}
            </Notice>
          )}
          {!over && lease.endsAt !== undefined && (
            <LeaseNotice
              endsAt={lease.endsAt}
              renewing={lease.renewing}
              failed={lease.failed}
              onExtend={() => void lease.extend()}
            />
          )}
          {note !== undefined && !leaving && <Note text={note} />}
          <DownloadList
            desk={desk}
            files={files}
            over={over}
            transfers={transfers}
            saved={saved}
            handed={handed}
            movedAt={movedAt}
          />
        </>
      )}
    </OpenedFrame>
  );

  function stubText(): string {
    if (acknowledged === 'late') return t('files.late');
    if (over && !last) return t('open.viewsLeft', { count: viewsLeft });
    if (ending) return t('files.purging');
    if (lease.endsAt === undefined) return '';
    return t('files.lease.until', { moment: format.moment(lease.endsAt) });
  }
}
