import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { partPath } from '../parts';

const SHOWN = 8;

/** The short number of a secret, as a link to its events. */
export function RefLink({ secret }: { secret: string }) {
  const { t } = useTranslation('admin');
  const to = `${partPath('audit')}?${new URLSearchParams({ ref: secret }).toString()}`;
  return (
    <Link to={to} title={secret}>
      {secret.slice(0, SHOWN)}
      <span className="visually-hidden">{t('refHint')}</span>
    </Link>
  );
}
