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
import { isInsecure } from '../../../lib/insecure';
import { hasInvisible } from '../../../lib/text';
import { useAcknowledge } from '../hooks/use-acknowledge';
import { useUnsaved } from '../../../lib/unsaved';
import type { OpenedText } from '../reveal.model';
import { OpenedFrame } from './opened-frame';
import styles from './opened-page.module.css';
import { TextLease } from './text-lease';

interface OpenedPageProps {
  id: string;
  opened: OpenedText;
  /** Takes the text off the page. */
  onClear: () => void;
  /** The server has purged its copy. */
  onConfirmed: () => void;
}

/** How the reader has taken the text. */
type Taken = 'revealed' | 'copied' | 'downloaded';

/**
 * The document, masked. The server keeps its copy until the reader reveals, copies or downloads the text, or until the lease
 * ends; once it has purged it, the lower edge of the sheet burns away.
 */
export function OpenedPage({ id, opened, onClear, onConfirmed }: OpenedPageProps) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  useDocumentTitle(t('open.title'));
  const [shown, setShown] = useState(false);
  const [taken, setTaken] = useState<ReadonlySet<Taken>>(new Set());
  const [burnedAt, setBurnedAt] = useState(opened.openedAt);
  const take = (how: Taken) => setTaken((before) => new Set([...before, how]));
  const acknowledged = useAcknowledge(id, taken.size > 0, () => {
    setBurnedAt(Date.now());
    onConfirmed();
  });
  // A browser may block downloads of a page over plain http.
  const doubtful = isInsecure() && !taken.has('revealed') && !taken.has('copied');
  useUnsaved(taken.size === 0 || doubtful);
  const last = opened.viewsLeft === 0;

  return (
    <OpenedFrame
      burned={last && acknowledged === 'confirmed'}
      stub={stub()}
      ash={{ burned: t('open.ash', { moment: format.moment(burnedAt) }), clearing: t('open.clearing') }}
      clear={taken.size > 0 ? { label: t('open.clear'), hint: t('open.clearHint') } : undefined}
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
              onClick={() => {
                setShown(!shown);
                take('revealed');
              }}
            >
              {shown ? t('open.hide') : t('open.reveal')}
            </Button>
            <Button
              icon={<Download size={18} aria-hidden />}
              onClick={() => {
                downloadText(opened.text, 'burnbag-secret.txt');
                take('downloaded');
              }}
            >
              {t('open.download')}
            </Button>
            <CopyButton text={opened.text} label={t('open.copy')} onCopied={() => take('copied')} />
          </div>
        </>
      )}
    </OpenedFrame>
  );

  function stub() {
    const { viewsLeft, leaseEndsAt } = opened;
    if (taken.size === 0 && leaseEndsAt !== undefined)
      return <TextLease endsAt={leaseEndsAt} viewsLeft={viewsLeft} />;
    if (!last) return <p>{t('open.viewsLeft', { count: viewsLeft })}</p>;
    if (taken.size === 0) return <p>{t('open.kept')}</p>;
    return <p>{t(acknowledged === 'late' ? 'open.late' : 'open.purging')}</p>;
  }
}
