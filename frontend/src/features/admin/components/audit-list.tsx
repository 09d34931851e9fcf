import { type AuditEntry, TRAIL_ACTIONS } from '@burnbag/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../../components/ui/data-table';
import { useFormat } from '../../../lib/hooks/use-format';
import { adminApi } from '../api/admin.api';
import type { AuditFilter } from '../audit-filter';
import { usePages } from '../hooks/use-pages';
import styles from './admin.module.css';
import { List } from './list';
import { Part } from './part';
import { RefLink } from './ref-link';

const WRONG: ReadonlySet<string> = new Set(['attempt_failed', 'locked']);

/** Results of the search, newest first. @param children the form of the search */
export function AuditList({ filter, children }: { filter: AuditFilter; children: ReactNode }) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const pages = usePages(['audit', filter], (api, cursor, signal) =>
    adminApi.audit(api, filter, cursor, signal),
  );
  const named = (action: string) => {
    const known = TRAIL_ACTIONS.find((one) => one === action);
    return known ? t(`event.${known}`) : action;
  };
  const columns: Column<AuditEntry>[] = [
    { key: 'time', name: t('audit.time'), renderCell: ({ createdAt }) => format.second(createdAt) },
    {
      key: 'action',
      name: t('audit.action'),
      renderCell: ({ action }) => (
        <span className={WRONG.has(action) ? styles['wrong'] : ''}>{named(action)}</span>
      ),
    },
    { key: 'ref', name: t('audit.ref'), look: 'mono', renderCell: ({ ref }) => <RefLink secret={ref} /> },
    {
      key: 'actor',
      name: t('audit.actor'),
      look: 'wide',
      renderCell: ({ actor }) => actor ?? t('audit.nobody'),
    },
    {
      key: 'address',
      name: t('audit.address'),
      renderCell: ({ ipAddress }) => ipAddress ?? t('audit.unknown'),
    },
    {
      key: 'details',
      name: t('audit.details'),
      look: 'wide',
      renderCell: (row) => details(row),
    },
  ];
  return (
    <Part title={t('audit.title')} query={pages.query}>
      {children}
      <List
        pages={pages}
        caption={t('audit.title')}
        empty={t('audit.none')}
        columns={columns}
        idOf={({ id }) => id}
      />
    </Part>
  );
}

/** Names and values as in the trail, not translated, so that they match an export. */
function details({ extra, userAgent }: AuditEntry): string {
  const facts = Object.entries(extra).map(([name, value]) => `${name}=${String(value)}`);
  return [...facts, ...(userAgent ? [userAgent] : [])].join(' · ');
}
