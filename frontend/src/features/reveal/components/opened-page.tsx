import { Download, Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { CopyButton } from '../../../components/ui/copy-button';
import { PageHeading } from '../../../components/ui/page-heading';
import { RedactedText } from '../../../components/ui/redacted-text';
import { downloadText } from '../../../lib/download';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { hasInvisible } from '../../../lib/text';
import { useAcknowledge } from '../hooks/use-acknowledge';
import type { OpenedText } from '../reveal.model';
import { OpenedFrame } from './opened-frame';
import styles from './opened-page.module.css';

interface OpenedPageProps {
  id: string;
  opened: OpenedText;
  /** Takes the text off the page. */
  onClear: () => void;
  /** The server has purged its copy. */
  onConfirmed: () => void;
}

/** The document, masked. Once the server has purged its copy, the lower edge of the sheet burns away. */
export function OpenedPage({ id, opened, onClear, onConfirmed }: OpenedPageProps) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  useDocumentTitle(t('open.title'));
  const [shown, setShown] = useState(false);
  const acknowledged = useAcknowledge(id, true, onConfirmed);
  const last = opened.viewsLeft === 0;
  const moment = format.moment(opened.openedAt);

  return (
    <OpenedFrame
      burned={last && acknowledged === 'confirmed'}
      stub={
        <p>
          {last
            ? t(acknowledged === 'late' ? 'open.late' : 'open.purging', {
                moment: opened.leaseEndsAt ? format.moment(opened.leaseEndsAt) : '',
              })
            : t('open.viewsLeft', { count: opened.viewsLeft })}
        </p>
      }
      ash={{ burned: t('open.ash', { moment }), clearing: t('open.clearing') }}
      clear={{ label: t('open.clear'), hint: t('open.clearHint') }}
      onClear={onClear}
    >
      {(leaving) => (
        <>
          <PageHeading>{t('open.heading')}</PageHeading>
          <p className={styles['about']}>
            {t('open.about', {
              size: format.bytes(opened.size),
              count: opened.text.split(/\r\n|\r|\n/).length,
            })}{' '}
            {!shown && t('open.masked')}
          </p>
          <RedactedText text={opened.text} shown={shown && !leaving} label={t('open.document')} />
          {hasInvisible(opened.text) && <p className={styles['about']}>{t('open.invisible')}</p>}
          <div className={styles['tools']}>
            <Button
              icon={shown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
              onClick={() => setShown(!shown)}
            >
              {shown ? t('open.hide') : t('open.reveal')}
            </Button>
            <Button
              icon={<Download size={18} aria-hidden />}
              onClick={() => downloadText(opened.text, 'burnbag-secret.txt')}
            >
              {t('open.download')}
            </Button>
            <CopyButton text={opened.text} label={t('open.copy')} />
          </div>
        </>
      )}
    </OpenedFrame>
  );
}
