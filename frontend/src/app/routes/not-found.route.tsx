import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageHeading } from '../../components/ui/page-heading';
import { Sheet } from '../../components/ui/sheet';
import { paths } from '../../config/paths';
import { useDocumentTitle } from '../../lib/hooks/use-document-title';

export function NotFoundRoute() {
  const { t } = useTranslation('common');
  useDocumentTitle(t('notFound.heading'));
  return (
    <Sheet>
      <PageHeading>{t('notFound.heading')}</PageHeading>
      <p>{t('notFound.text')}</p>
      <p>
        <Link to={paths.create}>{t('notFound.home')}</Link>
      </p>
    </Sheet>
  );
}
