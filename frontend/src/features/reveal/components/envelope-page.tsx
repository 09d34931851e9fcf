import type { SecretStatus } from '@burnbag/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Envelope } from '../../../components/ui/envelope';
import { Facts } from '../../../components/ui/facts';
import { Notice } from '../../../components/ui/notice';
import { PageHeading } from '../../../components/ui/page-heading';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { unsealedSize } from '../../../lib/seal/sealed-size';
import type { Act } from '../reveal.model';
import styles from './envelope-page.module.css';
import { InsecureNotice } from './insecure-notice';
import { OpenForm } from './open-form';

interface EnvelopePageProps {
  status: SecretStatus;
  act: Act;
  onOpen: (passphrase?: string) => void;
  onDestroy: (passphrase?: string) => void;
}

/** The closed envelope: its facts and what will happen. Nothing was opened yet. */
export function EnvelopePage({ status, act, onOpen, onDestroy }: EnvelopePageProps) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  useDocumentTitle(t('title'));
  const { files } = status;
  const [now] = useState(Date.now);
  const left = Math.max(0, (Date.parse(status.expiresAt) - now) / 1_000);
  const views = Math.max(1, status.viewsLeft);
  const lock = status.sealed ? 'sealed' : 'server';
  const size = status.sealed ? unsealedSize(status.size) : status.size;
  const inside = files
    ? t('facts.files', { count: files.count, size: format.bytes(files.bytes) })
    : t('facts.text', { size: format.bytes(size) });

  return (
    <Envelope>
      <div className={styles['envelope']}>
        <div className={styles['head']}>
          <PageHeading>{t('envelope.heading')}</PageHeading>
          <p>{t('envelope.untouched')}</p>
        </div>
        {status.state === 'claimed' && <Notice>{t('envelope.yours')}</Notice>}
        <Facts
          items={[
            [t('facts.what'), inside],
            [t('facts.opens'), t('facts.views', { count: views })],
            [
              t('facts.until'),
              <>
                <p>{format.moment(status.expiresAt)}</p>
                <p>{t('facts.left', { left: format.roughly(left) })}</p>
              </>,
            ],
          ]}
        />
        <div className={styles['who']}>
          <h2>{t('who.heading')}</h2>
          {status.recipientsOnly && <p>{t('who.named')}</p>}
          {files ? (
            <>
              <p>{t(`whoFiles.${lock}`, { count: files.count })}</p>
              <p>{t('whoFiles.saved', { count: files.count })}</p>
              <p>{t('whoFiles.after', { count: views })}</p>
            </>
          ) : (
            <>
              <p>{t(`who.${lock}`)}</p>
              <p>{t('who.after', { count: views })}</p>
              <p>{t('who.covered')}</p>
            </>
          )}
        </div>
        <InsecureNotice kind={files ? 'files' : 'text'} />
        <OpenForm status={status} act={act} onOpen={onOpen} onDestroy={onDestroy} />
      </div>
    </Envelope>
  );
}
