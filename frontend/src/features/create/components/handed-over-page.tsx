import { Check, Plus, QrCode as QrIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { CopyButton } from '../../../components/ui/copy-button';
import { Envelope } from '../../../components/ui/envelope';
import { PageHeading } from '../../../components/ui/page-heading';
import { QrCode } from '../../../components/ui/qr-code';
import { QuestionDialog } from '../../../components/ui/question-dialog';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { useUnsaved } from '../../../lib/unsaved';
import type { HandedOver } from '../create.model';
import styles from './handed-over-page.module.css';
import { HandoverItem } from './handover-item';

/** The envelope, with the link and the receipt. Shown once: the server does not know the key in the link. */
export function HandedOverPage({ result, onAgain }: { result: HandedOver; onAgain: () => void }) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const [qr, setQr] = useState(false);
  const [kept, setKept] = useState<'copied' | 'done'>();
  const [asking, setAsking] = useState(false);
  useUnsaved(!kept);
  const copied = () => setKept('copied');
  useDocumentTitle(t('done.heading'));
  const limits = { count: result.maxViews, moment: format.moment(result.expiresAt) };

  return (
    <div className={styles['page']}>
      <Envelope seal="folding">
        <div className={styles['letter']}>
          <div className={styles['head']}>
            <PageHeading>{t('done.heading')}</PageHeading>
            {result.files && (
              <p data-testid="files">
                {t('files.summary', {
                  count: result.files.count,
                  size: format.bytes(result.files.bytes),
                })}
              </p>
            )}
            <p>{t('done.limits', limits)}</p>
            {result.recipients.length > 0 && (
              <p data-testid="recipients">{t('done.onlyFor', { names: format.list(result.recipients) })}</p>
            )}
          </div>
          <HandoverItem
            title={t('done.link')}
            hint={t(result.recipients.length > 0 ? 'done.linkHintNamed' : 'done.linkHint')}
            value={result.link}
            testId="link"
            onCopied={copied}
          >
            <CopyButton look="ink" text={result.link} label={t('done.copyLink')} onCopied={copied} />
            <Button icon={<QrIcon size={18} aria-hidden />} aria-expanded={qr} onClick={() => setQr(!qr)}>
              {t(qr ? 'done.hideQr' : 'done.showQr')}
            </Button>
          </HandoverItem>
          {qr && (
            <figure className={styles['qr']}>
              <QrCode text={result.link} label={t('done.qrLabel')} />
              <figcaption>{t('done.qrHint')}</figcaption>
            </figure>
          )}
          {result.passphrase !== '' && (
            <HandoverItem
              title={t('done.passphrase')}
              hint={t('done.passphraseHint')}
              value={result.passphrase}
              testId="passphrase"
            >
              <CopyButton text={result.passphrase} label={t('done.copyPassphrase')} />
            </HandoverItem>
          )}
          {result.command && (
            <HandoverItem
              title={t('done.script')}
              hint={t('done.scriptHint')}
              value={result.command}
              testId="script"
            >
              <CopyButton text={result.command} label={t('done.copyScript')} />
            </HandoverItem>
          )}
          <HandoverItem
            title={t('done.receipt')}
            hint={t('done.receiptHint')}
            value={result.receiptLink}
            testId="receipt-link"
          >
            <CopyButton text={result.receiptLink} label={t('done.copyReceipt')} />
          </HandoverItem>
        </div>
      </Envelope>
      <p className={styles['once']}>
        {t('done.once')} <span role="status">{kept && t('done.closable')}</span>
      </p>
      <div className={styles['ends']}>
        {!kept && (
          <Button icon={<Check size={18} aria-hidden />} onClick={() => setKept('done')}>
            {t('done.kept')}
          </Button>
        )}
        <Button icon={<Plus size={18} aria-hidden />} onClick={() => (kept ? onAgain() : setAsking(true))}>
          {t('done.again')}
        </Button>
      </div>
      {asking && (
        <QuestionDialog
          title={t('done.lose.title')}
          confirmLabel={t('done.lose.yes')}
          cancelLabel={t('done.lose.no')}
          onConfirm={onAgain}
          onCancel={() => setAsking(false)}
        >
          <p>{t('done.lose.text')}</p>
        </QuestionDialog>
      )}
    </div>
  );
}
