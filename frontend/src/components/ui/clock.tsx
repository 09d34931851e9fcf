import { useTranslation } from 'react-i18next';
import { formatClock } from '../../lib/format';
import { useCountdown } from '../../lib/hooks/use-countdown';
import { Button } from './button';
import styles from './clock.module.css';

/** Counts down to a moment, then offers to try again. @param until milliseconds since 1970 */
export function Clock({ until, onRetry }: { until: number; onRetry?: () => void }) {
  const { t } = useTranslation('common');
  const seconds = useCountdown(until);
  if (seconds === 0) {
    return (
      <div>
        <p role="status">{t('clock.over')}</p>
        {onRetry && <Button onClick={onRetry}>{t('retry')}</Button>}
      </div>
    );
  }
  return (
    <p className={styles['clock']} role="timer" aria-label={t('clock.label')}>
      {formatClock(seconds)}
    </p>
  );
}
