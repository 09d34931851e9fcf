import { Check } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { canPick } from '../../../lib/files-sink/open-sink';
import { isInsecure } from '../../../lib/insecure';
import styles from './end-panel.module.css';

interface AskSavedProps {
  /** Files that the browser was given and the reader has not confirmed. */
  count: number;
  onYes: () => void;
  onAgain: () => void;
}

/**
 * Asks what no page can see: whether the browser kept its downloads. Until a yes the server keeps its copy.
 */
export function AskSaved({ count, onYes, onAgain }: AskSavedProps) {
  const { t } = useTranslation('reveal');
  const heading = useId();
  return (
    <section className={styles['finished']} aria-labelledby={heading}>
      <h2 id={heading} className={styles['word']}>
        {t('files.kept.heading', { count })}
      </h2>
      <p role="status">{t('files.kept.text', { count })}</p>
      {isInsecure() && <p>{t('files.kept.insecure')}</p>}
      {canPick() && <p>{t('files.kept.choose')}</p>}
      <div className={styles['actions']}>
        <Button look="ink" icon={<Check size={18} aria-hidden />} onClick={onYes}>
          {t('files.kept.yes', { count })}
        </Button>
        <Button onClick={onAgain}>{t('files.kept.again')}</Button>
      </div>
    </section>
  );
}
