import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { FileList } from '../../../components/ui/file-list';
import { shownName } from '../../../lib/files/file-name';
import { useFormat } from '../../../lib/hooks/use-format';
import type { FilesFault } from '../create.model';
import { totalBytes } from '../manifest';
import { ChooseFiles } from './choose-files';
import styles from './attachments.module.css';

interface AttachmentsProps {
  files: readonly File[];
  fault: FilesFault | undefined;
  /** Folders were dropped among the files. */
  folders: boolean;
  busy: boolean;
  onAdd: (files: File[]) => void;
  onRemove: (file: File) => void;
}

/** The attached files, at the foot of the sheet. */
export function Attachments({ files, fault, folders, busy, onAdd, onRemove }: AttachmentsProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const choose = useRef<HTMLButtonElement>(null);
  const summary = { count: files.length, size: format.bytes(totalBytes(files)) };
  const listed = files.map((file) => ({
    key: `${file.name}/${file.size}/${file.lastModified}`,
    name: shownName(file.name),
    size: format.bytes(file.size),
    aside: (
      <Button
        look="quiet"
        busy={busy}
        aria-label={t('files.removeNamed', { name: shownName(file.name) })}
        onClick={() => {
          onRemove(file);
          choose.current?.focus();
        }}
      >
        {t('files.remove')}
      </Button>
    ),
  }));
  return (
    <div className={styles['attachments']}>
      {files.length > 0 && <FileList files={listed} label={t('files.list')} />}
      <div className={styles['foot']} data-filled={files.length > 0 || undefined}>
        <ChooseFiles ref={choose} look="quiet" onFiles={busy ? () => undefined : onAdd}>
          {t(files.length > 0 ? 'files.more' : 'files.choose')}
        </ChooseFiles>
        <p role="status" className={styles['summary']}>
          {files.length > 0 ? t('files.summary', summary) : ''}
        </p>
        {files.length === 0 && <p className={styles['hint']}>{t('files.hint')}</p>}
      </div>
      {(fault || folders) && (
        <p role="alert" id="files-error" className={styles['error']}>
          {fault ? faultText(fault, t, format) : t('files.folders')}
        </p>
      )}
    </div>
  );
}

function faultText(
  fault: FilesFault,
  t: ReturnType<typeof useTranslation<'create'>>['t'],
  format: ReturnType<typeof useFormat>,
): string {
  switch (fault.kind) {
    case 'tooMany':
      return t('files.tooMany', { count: fault.count, limit: format.number(fault.limit) });
    case 'tooLarge':
      return t('files.tooLarge', { size: format.bytes(fault.bytes), limit: format.bytes(fault.limit) });
    case 'extension':
      return t('files.extension', { name: shownName(fault.name), allowed: fault.allowed.join(', ') });
    case 'longNames':
      return t('files.longNames');
  }
}
