import type { ListedSession } from '@burnbag/contract';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../../components/ui/data-table';
import { useFormat } from '../../../lib/hooks/use-format';
import { personOf } from '../../../lib/session/session';
import { useSession } from '../../../lib/session/session-context';
import { adminApi } from '../api/admin.api';
import { usePages } from '../hooks/use-pages';
import { useRowAct } from '../hooks/use-row-act';
import styles from './admin.module.css';
import { List } from './list';
import { Part } from './part';
import { RowOffer, RowOutcome, RowQuestion } from './row-question';

/** Sessions of signed-in people, which can be ended. */
export function SessionsSection() {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const own = personOf(useSession().session)?.sessionId;
  const pages = usePages(['sessions'], adminApi.sessions);
  const act = useRowAct({ end: adminApi.endSession }, pages.query.refetch);
  const named = ({ name, email, subject }: ListedSession) => name ?? email ?? subject;
  const columns: Column<ListedSession>[] = [
    {
      key: 'who',
      name: t('sessions.who'),
      look: 'wide',
      renderCell: (row) => (
        <>
          {named(row)}
          {row.handle === own && <span className={styles['soft']}> {t('sessions.own')}</span>}
        </>
      ),
    },
    {
      key: 'email',
      name: t('sessions.email'),
      look: 'wide',
      renderCell: ({ email }) => email ?? t('sessions.noEmail'),
    },
    {
      key: 'role',
      name: t('sessions.role'),
      renderCell: ({ isAdmin }) => t(isAdmin ? 'sessions.admin' : 'sessions.person'),
    },
    { key: 'via', name: t('sessions.via'), renderCell: ({ via }) => t(`sessions.${via}`) },
    { key: 'created', name: t('sessions.created'), renderCell: ({ createdAt }) => format.moment(createdAt) },
    { key: 'seen', name: t('sessions.seen'), renderCell: ({ seenAt }) => format.moment(seenAt) },
    { key: 'ends', name: t('sessions.ends'), renderCell: ({ endsAt }) => format.moment(endsAt) },
  ];
  return (
    <Part title={t('sessions.title')} query={pages.query}>
      <p className={styles['lead']}>{t('sessions.lead')}</p>
      <RowOutcome act={act} />
      <List
        pages={pages}
        caption={t('sessions.title')}
        empty={t('sessions.none')}
        columns={columns}
        idOf={({ handle }) => handle}
        renderActions={(row) => <RowOffer act={act} name="end" id={row.handle} row={named(row)} />}
        renderUnder={({ handle }) => act.asking?.id === handle && <RowQuestion act={act} id={handle} />}
      />
    </Part>
  );
}
