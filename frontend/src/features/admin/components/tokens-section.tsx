import type { TokenAnswer } from '@burnbag/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../../components/ui/data-table';
import { useFormat } from '../../../lib/hooks/use-format';
import { adminApi } from '../api/admin.api';
import { usePages } from '../hooks/use-pages';
import { useRowAct } from '../hooks/use-row-act';
import styles from './admin.module.css';
import { List } from './list';
import { Part } from './part';
import { RowOffer, RowOutcome, RowQuestion } from './row-question';

/** API tokens of all accounts. */
export function TokensSection() {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const pages = usePages(['tokens'], adminApi.tokens);
  const act = useRowAct({ revoke: adminApi.revokeToken }, pages.query.refetch);
  const [now] = useState(Date.now);
  const columns: Column<TokenAnswer>[] = [
    { key: 'name', name: t('tokens.name'), look: 'wide', renderCell: ({ name }) => name },
    { key: 'owner', name: t('tokens.owner'), look: 'wide', renderCell: ({ owner }) => owner },
    {
      key: 'scopes',
      name: t('tokens.scopes'),
      look: 'wide',
      renderCell: ({ scopes }) => scopes.map((scope) => t(`tokens.scope.${scope}`)).join(', '),
    },
    { key: 'created', name: t('tokens.created'), renderCell: ({ createdAt }) => format.moment(createdAt) },
    {
      key: 'expires',
      name: t('tokens.expires'),
      renderCell: ({ expiresAt }) =>
        Date.parse(expiresAt) <= now ? t('tokens.over') : format.moment(expiresAt),
    },
    {
      key: 'used',
      name: t('tokens.used'),
      renderCell: ({ lastUsedAt }) => (lastUsedAt === null ? t('tokens.never') : format.moment(lastUsedAt)),
    },
  ];
  return (
    <Part title={t('tokens.title')} query={pages.query}>
      <p className={styles['lead']}>{t('tokens.lead')}</p>
      <RowOutcome act={act} />
      <List
        pages={pages}
        caption={t('tokens.title')}
        empty={t('tokens.none')}
        columns={columns}
        idOf={({ id }) => id}
        renderActions={({ id, name }) => <RowOffer act={act} name="revoke" id={id} row={name} />}
        renderUnder={({ id }) => act.asking?.id === id && <RowQuestion act={act} id={id} />}
      />
    </Part>
  );
}
