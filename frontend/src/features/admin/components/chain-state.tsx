import type { Verification } from '@burnbag/contract';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Notice } from '../../../components/ui/notice';
import { useFormat } from '../../../lib/hooks/use-format';
import styles from './admin.module.css';

interface ChainStateProps {
  last: Verification | null;
  busy: boolean;
  failed: boolean;
  /** Events that the database refused. */
  setAside: number;
  onVerify: () => void;
}

/** Whether the trail was changed, as far as it was verified. */
export function ChainState({ last, busy, failed, setAside, onVerify }: ChainStateProps) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  return (
    <section className={styles['group']} aria-labelledby="chain">
      <h2 id="chain">{t('chain.heading')}</h2>
      <div role="status">
        {last === null && <p>{t('chain.never')}</p>}
        {last?.intact && (
          <p>
            <strong>{t('chain.intact')}</strong>{' '}
            {t('chain.looked', {
              count: last.events,
              events: format.number(last.events),
              moment: format.moment(last.at),
            })}
          </p>
        )}
        {last && !last.intact && (
          <p className={styles['wrong']}>
            <strong>{t('chain.broken')}</strong>{' '}
            {t('chain.looked', {
              count: last.events,
              events: format.number(last.events),
              moment: format.moment(last.at),
            })}
          </p>
        )}
        {last?.finding && <p className={styles['finding']}>{last.finding}</p>}
      </div>
      {setAside > 0 && (
        <p className={styles['wrong']}>
          {t('chain.setAside', { count: setAside, events: format.number(setAside) })}
        </p>
      )}
      {failed && <Notice kind="alert">{t('chain.failed')}</Notice>}
      <Button busy={busy} icon={<ShieldCheck size={18} aria-hidden />} onClick={onVerify}>
        {busy ? t('chain.busy') : t('chain.verify')}
      </Button>
    </section>
  );
}
