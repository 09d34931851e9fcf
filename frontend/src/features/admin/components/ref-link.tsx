import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { partPath } from '../parts';

const SHOWN = 8;

/** The number of a secret, short, leading to all that happened to it. */
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
