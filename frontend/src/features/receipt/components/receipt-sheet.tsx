import type { Receipt } from '@burnbag/contract';
import { Flame, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Confirm } from '../../../components/ui/confirm';
import { Facts } from '../../../components/ui/facts';
import { Notice } from '../../../components/ui/notice';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { useFormat } from '../../../lib/hooks/use-format';
import { receiptFacts } from '../receipt-facts';
import styles from './receipt-sheet.module.css';
import { Timeline } from './timeline';

interface ReceiptSheetProps {
  receipt: Receipt;
  refreshing: boolean;
  /** The last request failed; the shown data is older. */
  stale: boolean;
  burning: boolean;
  burnFailed: boolean;
  onRefresh: () => void;
  onBurn: () => void;
}

const STILL_THERE = new Set<Receipt['state']>(['live', 'locked']);

/** State and time, and the button that burns the secret. */
export function ReceiptSheet(props: ReceiptSheetProps) {
  const { receipt } = props;
  const { t } = useTranslation('receipt');
  const format = useFormat();
  const [confirming, setConfirming] = useState(false);
  const canBurn = STILL_THERE.has(receipt.state);
  const ended = receipt.endedAt ? { context: 'at', moment: format.moment(receipt.endedAt) } : {};

  return (
    <Sheet>
      <div className={styles['head']}>
        <PageHeading>{t('heading')}</PageHeading>
        <Button icon={<RefreshCw size={18} aria-hidden />} busy={props.refreshing} onClick={props.onRefresh}>
          {t('refresh')}
        </Button>
      </div>
      <div role="status" className={styles['state']}>
        <p className={styles['word']} data-state={receipt.state} data-testid="state">
          {t(`state.${receipt.state}.word`)}
        </p>
        <p>
          {receipt.kind === 'files' && receipt.state === 'claimed'
            ? t('saving', ended)
            : t(`state.${receipt.state}.text`, ended)}
        </p>
      </div>
      {props.stale && <Notice kind="alert">{t('stale')}</Notice>}
      {props.burnFailed && <Notice kind="alert">{t('burnFailed')}</Notice>}
      <Facts items={receiptFacts(receipt, t, format)} />
      <Timeline receipt={receipt} />
      {canBurn &&
        (confirming ? (
          <Confirm
            title={t('burn.title')}
            confirmLabel={t('burn.confirm')}
            cancelLabel={t('burn.cancel')}
            busy={props.burning}
            onConfirm={props.onBurn}
            onCancel={() => setConfirming(false)}
          >
            <p>{t('burn.text')}</p>
          </Confirm>
        ) : (
          <div className={styles['burn']}>
            <Button icon={<Flame size={18} aria-hidden />} onClick={() => setConfirming(true)}>
              {t('burn.offer')}
            </Button>
            <p>{t('burn.hint')}</p>
          </div>
        ))}
    </Sheet>
  );
}
