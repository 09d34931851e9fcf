import { useTranslation } from 'react-i18next';
import { Sheet } from '../../../components/ui/sheet';
import { Waiting } from '../../../components/ui/waiting';
import styles from './receipt-sheet.module.css';

/** Shown while the receipt loads; the built page shows the same before any script. */
export function ReceiptLoading() {
  const { t } = useTranslation('receipt');
  return (
    <Sheet>
      <div className={styles['loading']}>
        <p className={styles['lead']}>{t('loadingLead')}</p>
        <Waiting label={t('loading')} lines={7} />
      </div>
    </Sheet>
  );
}
