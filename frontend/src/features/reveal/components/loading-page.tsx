import { useTranslation } from 'react-i18next';
import { Envelope } from '../../../components/ui/envelope';
import { Waiting } from '../../../components/ui/waiting';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';

export function LoadingPage() {
  const { t } = useTranslation('reveal');
  useDocumentTitle(t('title'));
  return (
    <Envelope seal="none">
      <Waiting label={t('loading')} lines={6} />
    </Envelope>
  );
}
