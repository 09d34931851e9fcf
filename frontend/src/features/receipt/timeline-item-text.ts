import type { Receipt } from '@burnbag/contract';
import type { TFunction } from 'i18next';
import type { useFormat } from '../../lib/hooks/use-format';
import type { TimelineItem } from './timeline-items';

type Known = Pick<Receipt, 'passphraseRequired' | 'timeline' | 'timelineComplete'>;

const wasOpened = ({ timeline = [] }: Known): boolean => timeline.some(({ action }) => action === 'viewed');

/** What happened, in words and without the time. */
export function timelineItemText(
  { entry, times }: TimelineItem,
  receipt: Known,
  t: TFunction<'receipt'>,
  format: Pick<ReturnType<typeof useFormat>, 'moment'>,
): string {
  const { action, attemptsLeft, viewsLeft, until, by, reader, reason } = entry;
  switch (action) {
    case 'viewed':
      if (reader === undefined)
        return viewsLeft ? t('timeline.viewedOf', { count: viewsLeft }) : t('timeline.viewed');
      return viewsLeft
        ? t('timeline.viewedByOf', { count: viewsLeft, reader })
        : t('timeline.viewedBy', { reader });
    case 'attempt_failed': {
      if (reason) return t('timeline.turnedAway', { count: times });
      const what = receipt.passphraseRequired === false ? 'key' : 'passphrase';
      const wrong = t(`timeline.wrong.${what}`, { count: times });
      // After the last attempt the next line reports the lock.
      return attemptsLeft ? `${wrong}, ${t('timeline.triesLeft', { count: attemptsLeft })}` : wrong;
    }
    case 'locked':
      return until
        ? t('timeline.locked', { context: 'at', moment: format.moment(until) })
        : t('timeline.locked');
    case 'burned':
      return reader === undefined
        ? t(`timeline.burned.${by ?? 'somebody'}`)
        : t('timeline.burnedBy', { reader });
    case 'expired':
      // Only a complete record proves that it was never opened.
      return t(
        receipt.timelineComplete !== false && !wasOpened(receipt)
          ? 'timeline.expiredUnread'
          : 'timeline.expired',
      );
    case 'created':
    case 'view_retried':
    case 'acknowledged':
    case 'unlocked':
    case 'set_aside':
      return t(`timeline.${action}`);
  }
}
