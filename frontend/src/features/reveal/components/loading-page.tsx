import { useTranslation } from 'react-i18next';
import { Envelope } from '../../../components/ui/envelope';
import { Waiting } from '../../../components/ui/waiting';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import styles from './loading-page.module.css';

/** Shown while the status loads; the built page shows the same before any script. */
export function LoadingPage() {
  const { t } = useTranslation('reveal');
  useDocumentTitle(t('title'));
  return (
    <Envelope seal="none">
      <p className={styles['lead']}>{t('loadingLead')}</p>
      <Waiting label={t('loading')} lines={12} />
    </Envelope>
  );
}
