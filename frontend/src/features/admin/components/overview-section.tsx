import { type Counts, type Overview, type OverviewRange, OVERVIEW_RANGES } from '@burnbag/contract';
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '../../../components/ui/choice-group';
import { type Column, DataTable } from '../../../components/ui/data-table';
import { useApi } from '../../../lib/api/api-context';
import { regional } from '../../../lib/format';
import { useFormat } from '../../../lib/hooks/use-format';
import { adminApi } from '../api/admin.api';
import { spanLabel, spanLength } from '../chart-scale';
import { usePresent } from '../hooks/use-present';
import { BarChart } from './bar-chart';
import styles from './overview-section.module.css';
import { Part } from './part';

/** Milliseconds between two requests, while the page is visible and in use. */
const PULSE = 15_000;
const PATIENCE = 300_000;

const SERIES = ['created', 'viewed', 'burned', 'expired', 'locked', 'rateLimited'] as const;
const WRONG: ReadonlySet<keyof Counts> = new Set<keyof Counts>(['locked', 'rateLimited']);

/** Recent counts, kept up to date. */
export function OverviewSection() {
  const { t } = useTranslation('admin');
  const api = useApi();
  const present = usePresent(PATIENCE);
  const [range, setRange] = useState<OverviewRange>('day');
  const query = useQuery({
    queryKey: ['admin', 'overview', range],
    queryFn: ({ signal }) => adminApi.overview(api, range, signal),
    placeholderData: keepPreviousData,
    // It pauses while the page is hidden.
    refetchInterval: present ? PULSE : false,
    gcTime: 0,
  });
  return (
    <Part title={t('overview.title')} query={query}>
      <ChoiceGroup
        legend={t('overview.range')}
        value={range}
        options={OVERVIEW_RANGES.map((value) => ({ value, label: t(`overview.${value}`) }))}
        onChange={setRange}
      />
      {query.data && <Figures overview={query.data} paused={!present} />}
    </Part>
  );
}

function Figures({ overview, paused }: { overview: Overview; paused: boolean }) {
  const { t, i18n } = useTranslation('admin');
  const format = useFormat();
  const { spans, liveNow, asOf } = overview;
  const length = spanLength(spans.map(({ start }) => start));
  const language = regional(i18n.language);
  const rows = spans.map((span) => ({ ...span, label: spanLabel(span.start, length, language) }));
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'start', name: t('overview.from'), renderCell: ({ label }) => label },
    ...SERIES.map((series) => ({
      key: series,
      name: t(`overview.series.${series}`),
      look: 'number' as const,
      renderCell: (row: Counts) => format.number(row[series]),
    })),
  ];
  return (
    <>
      <p className={styles['live']}>
        <strong>{format.number(liveNow)}</strong> {t('overview.live', { count: liveNow })}
        <span>{t(paused ? 'overview.paused' : 'overview.asOf', { moment: format.second(asOf) })}</span>
      </p>
      <div className={styles['charts']}>
        {SERIES.map((series) => (
          <BarChart
            key={series}
            title={t(`overview.series.${series}`)}
            values={rows.map((row) => row[series])}
            labels={rows.map(({ label }) => label)}
            wrong={WRONG.has(series)}
          />
        ))}
      </div>
      <details className={styles['table']}>
        <summary>{t('overview.table')}</summary>
        <DataTable
          caption={t('overview.table')}
          columns={columns}
          rows={rows.toReversed()}
          idOf={({ start }) => start}
        />
      </details>
    </>
  );
}
