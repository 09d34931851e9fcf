import { Eye, EyeOff } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { CopyButton } from '../../../components/ui/copy-button';
import { RedactedText } from '../../../components/ui/redacted-text';
import { hasInvisible } from '../../../lib/text';
import styles from './opened-files-page.module.css';

/** The sender's note to the files, masked like any text. */
export function Note({ text }: { text: string }) {
  const { t } = useTranslation('reveal');
  const [shown, setShown] = useState(false);
  const heading = useId();
  return (
    <section className={styles['part']} aria-labelledby={heading}>
      <h2 id={heading}>{t('files.note')}</h2>
      <RedactedText text={text} shown={shown} label={t('files.noteText')} />
      {hasInvisible(text) && <p className={styles['soft']}>{t('open.invisible')}</p>}
      <div className={styles['tools']}>
        <Button
          icon={shown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
          onClick={() => setShown(!shown)}
        >
          {shown ? t('open.hide') : t('open.reveal')}
        </Button>
        <CopyButton text={text} label={t('open.copy')} />
      </div>
    </section>
  );
}
