import { useTranslation } from 'react-i18next';
import { formatClock } from '../../../lib/format';
import { useCountdown } from '../../../lib/hooks/use-countdown';

interface TextLeaseProps {
  /** Milliseconds since 1970 by this device. */
  endsAt: number;
  /** Openings left after this one. */
  viewsLeft: number;
}

/**
 * Until the reader has taken the text: how long this link shows it again in this tab, and what happens after
 * that.
 */
export function TextLease({ endsAt, viewsLeft }: TextLeaseProps) {
  const { t } = useTranslation('reveal');
  const seconds = useCountdown(endsAt);
  const kind = viewsLeft === 0 ? 'last' : 'more';
  if (seconds === 0) return <p role="status">{t(`open.lease.over.${kind}`, { count: viewsLeft })}</p>;
  return (
    <>
      <p>
        {t('open.lease.again')}{' '}
        <span role="timer" aria-label={t('open.lease.clock')}>
          {formatClock(seconds)}
        </span>
      </p>
      <p>{t(`open.lease.then.${kind}`, { count: viewsLeft })}</p>
    </>
  );
}
