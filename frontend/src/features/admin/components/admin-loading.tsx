import { useTranslation } from 'react-i18next';
import { Sheet } from '../../../components/ui/sheet';
import { Waiting } from '../../../components/ui/waiting';

/** Shown until the session is known; the built page shows the same before any script. */
export function AdminLoading() {
  const { t } = useTranslation('admin');
  return (
    <div data-wide>
      <Sheet>
        <Waiting label={t('loading')} lines={8} />
      </Sheet>
    </div>
  );
}
