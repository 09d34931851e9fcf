import { API_BASE, type TokenAnswer } from '@burnbag/contract';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { CopyButton } from '../../../components/ui/copy-button';
import styles from './tokens.module.css';

interface NewTokenShownProps {
  made: { secret: string; token: TokenAnswer };
  onDone: () => void;
}

/** The only time that anybody sees it. */
export function NewTokenShown({ made, onDone }: NewTokenShownProps) {
  const { t } = useTranslation('tokens');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const example = `curl -H "Authorization: Bearer $BURNBAG_TOKEN" ${location.origin}${API_BASE}/…`;
  return (
    <section className={styles['shown']} aria-label={t('shown.heading', { name: made.token.name })}>
      <h2 ref={heading} tabIndex={-1}>
        {t('shown.heading', { name: made.token.name })}
      </h2>
      <p>{t('shown.text')}</p>
      <p className={styles['secret']} data-testid="token">
        {made.secret}
      </p>
      <div className={styles['actions']}>
        <CopyButton look="ink" text={made.secret} label={t('shown.copy')} />
        <Button onClick={onDone}>{t('shown.done')}</Button>
      </div>
      <p className={styles['hint']}>
        {t('shown.use')} <code>{example}</code>
      </p>
    </section>
  );
}
