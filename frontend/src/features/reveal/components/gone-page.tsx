import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { AshLine } from '../../../components/ui/ash-line';
import { PageHeading } from '../../../components/ui/page-heading';
import { Sheet } from '../../../components/ui/sheet';
import { paths } from '../../../config/paths';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import type { Ash } from '../reveal.model';

/** The page of an ended secret: one line of ash. Without `ash` the secret was destroyed unread. */
export function GonePage({ ash }: { ash?: Ash }) {
  const { t } = useTranslation('reveal');
  const format = useFormat();
  useDocumentTitle(t('ash.title'));
  const facts = ash && {
    size: format.bytes(ash.size),
    moment: format.moment(ash.openedAt),
    count: ash.files ?? 0,
  };
  const kind = !ash ? 'unread' : ash.viewsLeft === 0 ? 'gone' : 'cleared';
  return (
    <Sheet>
      <AshLine />
      <PageHeading>{t(`ash.${kind}.heading`)}</PageHeading>
      <p>
        {ash?.files === undefined ? t(`ash.${kind}.text`, facts ?? {}) : t(`ash.${kind}.files`, facts ?? {})}
      </p>
      <p>
        <Link to={paths.create}>{t('ash.home')}</Link>
      </p>
    </Sheet>
  );
}
