import type { LiveSecret } from '@burnbag/contract';
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
import { RefLink } from './ref-link';
import { RowOffer, RowOutcome, RowQuestion } from './row-question';

const MINUTE = 60_000;

/** Every live secret: what is known without its link. */
export function SecretsSection() {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const pages = usePages(['secrets'], adminApi.secrets);
  const act = useRowAct({ burn: adminApi.burn, unlock: adminApi.unlock }, pages.query.refetch);
  const [opened] = useState(Date.now);
  // Locks and ages are of the time of the last request.
  const now = pages.query.dataUpdatedAt || opened;
  const isLocked = ({ lockedUntil }: LiveSecret) => lockedUntil !== null && Date.parse(lockedUntil) > now;
  const columns: Column<LiveSecret>[] = [
    { key: 'ref', name: t('secrets.ref'), look: 'mono', renderCell: ({ ref }) => <RefLink secret={ref} /> },
    { key: 'kind', name: t('secrets.kind'), renderCell: ({ kind }) => t(`secrets.${kind}`) },
    { key: 'size', name: t('secrets.size'), look: 'number', renderCell: ({ size }) => format.bytes(size) },
    { key: 'guard', name: t('secrets.guard'), look: 'wide', renderCell: guards },
    { key: 'creator', name: t('secrets.creator'), look: 'wide', renderCell: ({ creator }) => who(creator) },
    { key: 'age', name: t('secrets.age'), look: 'number', renderCell: ({ createdAt }) => since(createdAt) },
    { key: 'expires', name: t('secrets.expires'), renderCell: ({ expiresAt }) => format.moment(expiresAt) },
    {
      key: 'views',
      name: t('secrets.views'),
      look: 'number',
      renderCell: ({ views, maxViews }) =>
        t('secrets.viewsOf', { views: format.number(views), most: format.number(maxViews) }),
    },
    { key: 'state', name: t('secrets.tries'), look: 'number', renderCell: tries },
  ];
  return (
    <Part title={t('secrets.title')} query={pages.query}>
      <p className={styles['lead']}>{t('secrets.lead')}</p>
      <RowOutcome act={act} />
      <List
        pages={pages}
        caption={t('secrets.title')}
        empty={t('secrets.none')}
        columns={columns}
        idOf={({ ref }) => ref}
        renderActions={(secret) => (
          <>
            {isLocked(secret) && <RowOffer act={act} name="unlock" id={secret.ref} row={secret.ref} />}
            <RowOffer act={act} name="burn" id={secret.ref} row={secret.ref} />
          </>
        )}
        renderUnder={({ ref }) => act.asking?.id === ref && <RowQuestion act={act} id={ref} />}
      />
    </Part>
  );

  function who(creator: string | null): string {
    return creator === null || creator === 'anonymous' ? t('anonymous') : creator;
  }
  function since(createdAt: string): string {
    return format.roughly(Math.max(0, (now - Date.parse(createdAt)) / 1_000));
  }
  function guards({ sealed, passphraseRequired, recipientsOnly }: LiveSecret): string {
    const words = [
      t(sealed ? 'secrets.sealed' : 'secrets.server'),
      ...(passphraseRequired ? [t('secrets.passphrase')] : []),
      ...(recipientsOnly ? [t('secrets.recipients')] : []),
    ];
    return words.join(', ');
  }
  function tries(secret: LiveSecret) {
    const count = format.number(secret.failedAttempts);
    if (!isLocked(secret)) return count;
    const minutes = Math.ceil((Date.parse(secret.lockedUntil ?? '') - now) / MINUTE);
    return (
      <strong className={styles['wrong']}>{t('secrets.locked', { count: minutes, tries: count })}</strong>
    );
  }
}
