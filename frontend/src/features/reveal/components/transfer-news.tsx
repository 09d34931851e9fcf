import { useTranslation } from 'react-i18next';
import { shownName } from '../../../lib/files/file-name';
import { useAnnouncement } from '../../../lib/files/use-announcement';
import { useFormat } from '../../../lib/hooks/use-format';
import type { DeskState } from '../download/download-manager';
import type { FileEntry } from '../files.model';

/** For screen readers: the progress now and then, and a change of state at once. */
export function TransferNews({
  files,
  transfers,
  saved,
  handed,
}: Omit<DeskState, 'movedAt'> & { files: readonly FileEntry[] }) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  const moving = [...transfers].findLast(([, { phase }]) => phase !== 'saved' && phase !== 'failed');
  const count = files.length;
  let text = saved.size > 0 ? t('files.savedOf', { saved: saved.size, count }) : '';
  if (handed.size > 0) text = t('files.handedOf', { handed: handed.size + saved.size, count });
  if (moving) {
    const [item, { phase, done, total }] = moving;
    const name = item === 'zip' ? t('files.archive') : shownName(files[item]?.name ?? '');
    text =
      phase === 'running'
        ? t('files.progress', { name, done: format.bytes(done), total: format.bytes(total) })
        : t(`files.${phase}`);
  }
  const kind = `${moving?.[0] ?? ''} ${moving?.[1].phase ?? ''} ${saved.size} ${handed.size}`;
  const said = useAnnouncement(text, kind);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}
