import { useTranslation } from 'react-i18next';
import { Sheet } from '../../../components/ui/sheet';
import { Waiting } from '../../../components/ui/waiting';

/** While the tokens are on their way; the built page shows the same before any script. */
export function TokensLoading() {
  const { t } = useTranslation('tokens');
  return (
    <div data-wide>
      <Sheet>
        <Waiting label={t('loading')} lines={6} />
      </Sheet>
    </div>
  );
}
