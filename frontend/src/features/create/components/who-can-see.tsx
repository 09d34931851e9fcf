import { useTranslation } from 'react-i18next';
import { Notice } from '../../../components/ui/notice';
import type { Draft } from '../create.model';
import { recipientsIn } from '../recipients';
import styles from './who-can-see.module.css';

/** Who will be able to read it, updated with the choices. */
export function WhoCanSee({ draft }: { draft: Draft }) {
  const { t } = useTranslation('create');
  const named = recipientsIn(draft.recipients).length > 0;
  const bare = named ? 'named' : 'link';
  const holder = draft.passphrase === '' ? bare : (`${bare}AndPassphrase` as const);
  const count = Number.isInteger(draft.maxViews) ? draft.maxViews : 1;
  const withFiles = draft.files.length > 0;
  return (
    <div className={styles['who']}>
      <p aria-live="polite">
        {t(`who.${holder}`, { count })}{' '}
        {draft.sealed ? t('who.sealed') : t(withFiles ? 'who.serverFiles' : 'who.server')}
      </p>
      {globalThis.isSecureContext === false && <Notice>{t('who.insecure')}</Notice>}
    </div>
  );
}
