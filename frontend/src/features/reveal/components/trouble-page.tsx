import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Clock } from '../../../components/ui/clock';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { downloadText } from '../../../lib/download';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import type { Trouble } from '../trouble';
import styles from './trouble-page.module.css';

const CAN_RETRY = new Set<Trouble['kind']>([
  'offline',
  'unavailable',
  'damaged',
  'filesDamaged',
  'undecryptable',
  'unexpected',
]);

/** Bad news on the same paper: what happened, whether anything was lost, the one thing to do next. */
export function TroublePage({ trouble, onRetry }: { trouble: Trouble; onRetry?: () => void }) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  const { kind } = trouble;
  const moment = 'at' in trouble && trouble.at ? format.moment(trouble.at) : undefined;
  const timed = moment ? { context: 'at', moment } : {};
  useDocumentTitle(t(`trouble.${kind}.heading`, timed));

  return (
    <Sheet>
      <PageHeading>{t(`trouble.${kind}.heading`, timed)}</PageHeading>
      <p>{t(`trouble.${kind}.what`, timed)}</p>
      <p className={styles['lost']}>{t(`trouble.${kind}.lost`)}</p>
      <p>{t(`trouble.${kind}.next`)}</p>
      {'until' in trouble && <Clock until={trouble.until} {...(onRetry ? { onRetry } : {})} />}
      {kind === 'unexpected' && trouble.requestId && (
        <p className={styles['small']}>{t('trouble.unexpected.request', { requestId: trouble.requestId })}</p>
      )}
      {CAN_RETRY.has(kind) && onRetry && (
        <div className={styles['actions']}>
          <Button look="plain" onClick={onRetry}>
            {t('trouble.retry')}
          </Button>
          {kind === 'undecryptable' && (
            <Button onClick={() => downloadText(fileOf(trouble.file), 'burnbag-secret.age')}>
              {t('trouble.undecryptable.save')}
            </Button>
          )}
        </div>
      )}
    </Sheet>
  );
}

/** The sealed file as it came; if it is not even base64, as text. */
function fileOf(content: string): Uint8Array<ArrayBuffer> | string {
  try {
    return Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  } catch {
    return content;
  }
}
