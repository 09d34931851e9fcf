import { useTranslation } from 'react-i18next';
import { Sheet } from '../../components/ui/sheet';
import { Waiting } from '../../components/ui/waiting';

/** Shown while the code of a page loads. */
export function PendingRoute() {
  const { t } = useTranslation('common');
  return (
    <Sheet>
      <Waiting label={t('loading')} lines={6} />
    </Sheet>
  );
}
