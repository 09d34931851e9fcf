import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/hooks/use-format';
import type { Receipt } from '../api/receipt';
import styles from './receipt-sheet.module.css';

/** What happened, oldest first. */
export function Timeline({ entries }: { entries: NonNullable<Receipt['timeline']> }) {
  const { t } = useTranslation('receipt');
  const format = useFormat();
  const title = useId();
  if (entries.length === 0) return null;
  return (
    <div>
      <h2 id={title}>{t('timeline.heading')}</h2>
      <ol className={styles['timeline']} aria-labelledby={title}>
        {entries.map(({ action, at }, index) => (
          <li key={index} data-action={action}>
            <span>{t(`timeline.${action}`)}</span> <time dateTime={at}>{format.moment(at)}</time>
          </li>
        ))}
      </ol>
    </div>
  );
}
