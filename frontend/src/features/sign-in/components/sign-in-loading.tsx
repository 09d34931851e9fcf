import { useTranslation } from 'react-i18next';
import { Sheet } from '../../../components/ui/sheet';
import { Waiting } from '../../../components/ui/waiting';

/** While the server says how people sign in; the built page shows the same before any script. */
export function SignInLoading() {
  const { t } = useTranslation('login');
  return (
    <Sheet>
      <Waiting label={t('loading')} lines={4} />
    </Sheet>
  );
}
