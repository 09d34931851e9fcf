import { useTranslation } from 'react-i18next';
import { Sheet } from '../../components/ui/sheet';
import { Waiting } from '../../components/ui/waiting';

/** While the code of a page is on its way. */
export function PendingRoute() {
  const { t } = useTranslation('common');
  return (
    <Sheet>
      <Waiting label={t('loading')} lines={6} />
    </Sheet>
  );
}
