import { useTranslation } from 'react-i18next';
import { Notice } from '../../../components/ui/notice';
import { isInsecure } from '../../../lib/insecure';

/** Warns before opening about what a browser may refuse to a page over plain http. */
export function InsecureNotice({ kind }: { kind: 'text' | 'files' }) {
  const { t } = useTranslation('reveal');
  if (!isInsecure()) return null;
  return (
    <Notice kind="alert">
      <p>{t('insecure.what')}</p>
      <p>{t(`insecure.${kind}`)}</p>
    </Notice>
  );
}
