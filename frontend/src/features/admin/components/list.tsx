import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../../components/ui/data-table';
import { Pager } from '../../../components/ui/pager';
import { useFormat } from '../../../lib/hooks/use-format';
import type { usePages } from '../hooks/use-pages';

interface ListProps<Row> {
  pages: ReturnType<typeof usePages<Row>>;
  caption: string;
  empty: string;
  columns: readonly Column<Row>[];
  idOf: (row: Row) => string;
  renderActions?: (row: Row) => ReactNode;
  renderUnder?: (row: Row) => ReactNode;
}

/** A list of which one page is shown. */
export function List<Row>({ pages, empty, renderActions, renderUnder, ...table }: ListProps<Row>) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const rows = pages.query.data?.rows;
  if (!rows) return null;
  return (
    <>
      {rows.length === 0 ? (
        <p>{empty}</p>
      ) : (
        <DataTable
          {...table}
          rows={rows}
          stale={pages.query.isPlaceholderData}
          actionsName={t('actions')}
          {...(renderActions ? { renderActions } : {})}
          {...(renderUnder ? { renderUnder } : {})}
        />
      )}
      <Pager
        label={t('pager.label')}
        place={t('pager.place', { page: format.number(pages.number) })}
        backLabel={t('pager.back')}
        nextLabel={t('pager.next')}
        onBack={pages.onBack}
        onNext={pages.onNext}
      />
    </>
  );
}
