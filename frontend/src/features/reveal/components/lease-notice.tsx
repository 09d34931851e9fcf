import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Notice } from '../../../components/ui/notice';
import { formatClock } from '../../../lib/format';
import { useCountdown } from '../../../lib/hooks/use-countdown';
import styles from './opened-files-page.module.css';

/** Seconds before the end at which the notice appears. */
const SOON = 120;

interface LeaseNoticeProps {
  /** Milliseconds since 1970. */
  endsAt: number;
  renewing: boolean;
  failed: boolean;
  onExtend: () => void;
}

/** Hidden while there is time; then shows how much is left, and offers more. */
export function LeaseNotice({ endsAt, renewing, failed, onExtend }: LeaseNoticeProps) {
  const { t } = useTranslation('reveal');
  const seconds = useCountdown(endsAt);
  if (seconds > SOON) return null;
  return (
    <Notice>
      <div className={styles['part']}>
        <p role="status">{seconds === 0 ? t('files.lease.over') : t('files.lease.soon')}</p>
        {seconds > 0 && (
          <p className={styles['clock']} role="timer" aria-label={t('files.lease.clock')}>
            {formatClock(seconds)}
          </p>
        )}
        {failed && <p role="alert">{t('files.lease.failed')}</p>}
        <Button busy={renewing} onClick={onExtend}>
          {t('files.lease.extend')}
        </Button>
      </div>
    </Notice>
  );
}
