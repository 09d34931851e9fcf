import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileList } from '../../../components/ui/file-list';
import { shownName } from '../../../lib/files/file-name';
import { canPick, pickPlace } from '../../../lib/files-sink/open-sink';
import { useFormat } from '../../../lib/hooks/use-format';
import type { DeskState, DownloadManager, Item } from '../download/download-manager';
import type { FileEntry } from '../files.model';
import { FileTransfer } from './file-transfer';
import styles from './opened-files-page.module.css';

interface DownloadListProps extends DeskState {
  desk: DownloadManager;
  files: readonly FileEntry[];
  /** The server has purged its copy. */
  over: boolean;
}

type Kept = 'saved' | 'handed' | undefined;

/** The files by name and size, each with its save button, and one for all of them. */
export function DownloadList({ desk, files, over, transfers, saved, handed }: DownloadListProps) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const ask = useId();

  const zip = transfers.get('zip');
  const keptOf = (index: number): Kept =>
    saved.has(index) ? 'saved' : handed.has(index) ? 'handed' : undefined;
  const keptZip = files.every((_, index) => saved.has(index)) ? 'saved' : 'handed';

  const start = async (item: Item) => {
    if (!asking) return desk.start(item);
    const place = await pickPlace(desk.nameOf(item));
    if (place) desk.start(item, place);
  };
  const transfer = (item: Item, name: string, label: string, kept: Kept) => (
    <FileTransfer
      name={name}
      label={label}
      look={item === 'zip' ? 'ink' : 'plain'}
      selfNamed={item === 'zip'}
      state={transfers.get(item)}
      kept={kept}
      over={over}
      asking={asking}
      onStart={() => void start(item)}
      onPause={() => desk.pause(item)}
      onResume={() => desk.resume(item)}
      onCancel={() => desk.cancel(item)}
    />
  );

  return (
    <>
      <FileList
        label={t('files.list')}
        files={files.map((file, index) => ({
          key: String(index),
          name: shownName(file.name),
          size: format.bytes(file.size),
          aside: transfer(index, shownName(file.name), t('files.save'), keptOf(index)),
        }))}
      />
      {(!over || zip) && (
        <div className={styles['every']} data-archive={zip ? '' : undefined}>
          {canPick() && !over && (
            <label htmlFor={ask} className={styles['ask']}>
              <input
                id={ask}
                type="checkbox"
                checked={asking}
                onChange={(event) => setAsking(event.target.checked)}
              />
              {t('files.ask')}
            </label>
          )}
          {zip && <p>{t('files.archive')}</p>}
          {files.length > 1 &&
            transfer('zip', t('files.archive'), t('files.zip'), zip?.phase === 'saved' ? keptZip : undefined)}
        </div>
      )}
    </>
  );
}
