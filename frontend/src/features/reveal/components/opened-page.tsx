import { Download, Eye, EyeOff, Flame } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BurnSheet } from '../../../components/ui/burn-sheet';
import { Button } from '../../../components/ui/button';
import { CopyButton } from '../../../components/ui/copy-button';
import { Envelope } from '../../../components/ui/envelope';
import { PageHeading } from '../../../components/ui/page-heading';
import { prefersStillness } from '../../../components/ui/use-burning';
import { RedactedText } from '../../../components/ui/redacted-text';
import { downloadText } from '../../../lib/download';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { hasInvisible } from '../../../lib/text';
import { useAcknowledge } from '../hooks/use-acknowledge';
import type { OpenedText } from '../reveal.model';
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
  const [leaving, setLeaving] = useState(false);
  // The fire waits until the envelope is out of sight.
  const [unfolded, setUnfolded] = useState(prefersStillness);
  const acknowledged = useAcknowledge(id, true, onConfirmed);
  const last = opened.viewsLeft === 0;
  const stubBurned = last && unfolded && acknowledged === 'confirmed' ? 'stub' : 'nothing';
  const moment = format.moment(opened.openedAt);

  return (
    <div className={styles['opened']}>
      {!unfolded && (
        <div
          className={styles['envelope']}
          aria-hidden="true"
          onAnimationEnd={(event) => event.target === event.currentTarget && setUnfolded(true)}
        >
          <Envelope seal="broken">
            <div className={styles['space']} />
          </Envelope>
        </div>
      )}
      <BurnSheet
        burned={leaving ? 'all' : stubBurned}
        {...(leaving ? { onBurned: onClear } : {})}
        stub={
          <p>
            {last
              ? t(acknowledged === 'late' ? 'open.late' : 'open.purging', {
                  moment: opened.leaseEndsAt ? format.moment(opened.leaseEndsAt) : '',
                })
              : t('open.viewsLeft', { count: opened.viewsLeft })}
          </p>
        }
        ash={<p>{leaving ? t('open.clearing') : t('open.ash', { moment })}</p>}
      >
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
      </BurnSheet>
      {!leaving && (
        <div className={styles['leave']}>
          <Button icon={<Flame size={18} aria-hidden />} onClick={() => setLeaving(true)}>
            {t('open.clear')}
          </Button>
          <p>{t('open.clearHint')}</p>
        </div>
      )}
      <p className={styles['print']}>{t('open.print')}</p>
    </div>
  );
}
