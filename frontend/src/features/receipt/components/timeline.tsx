import type { Receipt } from '@burnbag/contract';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/hooks/use-format';
import { timelineItemText } from '../timeline-item-text';
import { timelineItems } from '../timeline-items';
import styles from './timeline.module.css';

/** What happened, oldest first, in local time. */
export function Timeline({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation('receipt');
  const format = useFormat();
  const title = useId();
  const lines = timelineItems(receipt.timeline ?? []);
  const whole = receipt.timelineComplete;
  if (lines.length === 0 && whole) return null;
  return (
    <div>
      <h2 id={title}>{t('timeline.heading')}</h2>
      {lines.length > 0 && (
        <ol className={styles['timeline']} aria-labelledby={title}>
          {lines.map((line, index) => (
            <li key={index} data-action={line.entry.action}>
              <span>{timelineItemText(line, receipt, t, format)}</span>{' '}
              <time dateTime={line.entry.at}>{format.moments(line.since, line.entry.at)}</time>
              {line.from && <small>{line.from}</small>}
            </li>
          ))}
        </ol>
      )}
      {!whole && <p className={styles['partial']}>{t('timeline.partial')}</p>}
    </div>
  );
}
