import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/hooks/use-format';
import { axisEnd, barHeight } from '../chart-scale';
import styles from './bar-chart.module.css';

interface BarChartProps {
  title: string;
  values: readonly number[];
  /** Start of each bar. */
  labels: readonly string[];
  /** Events of failure or destruction, drawn in the warning colour. */
  wrong?: boolean;
}

const GAP = 0.22;

/** Counts of one kind of event. The same figures are in the table under the charts. */
export function BarChart({ title, values, labels, wrong = false }: BarChartProps) {
  const { t } = useTranslation('admin');
  const format = useFormat();
  const end = axisEnd(Math.max(...values, 0));
  const sum = values.reduce((total, value) => total + value, 0);
  const middle = Math.floor((labels.length - 1) / 2);
  return (
    <figure className={styles['chart']} data-wrong={(wrong && sum > 0) || undefined}>
      <figcaption>
        <span className={styles['title']}>{title}</span>
        <span className={styles['sum']}>{format.number(sum)}</span>
      </figcaption>
      <div className={styles['plot']}>
        <div className={styles['values']} aria-hidden="true">
          <span>{format.number(end)}</span>
          <span>{format.number(end / 2)}</span>
          <span>0</span>
        </div>
        <svg
          className={styles['bars']}
          viewBox={`0 0 ${Math.max(1, values.length)} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('overview.chart', { title, count: sum })}
        >
          {[0, 50, 100].map((y) => (
            <line key={y} x1="0" x2={values.length} y1={y} y2={y} vectorEffect="non-scaling-stroke" />
          ))}
          {values.map((value, at) => (
            <rect
              key={labels[at]}
              x={at + GAP / 2}
              width={1 - GAP}
              y={100 - barHeight(value, end)}
              height={barHeight(value, end)}
            >
              <title>{`${labels[at] ?? ''}: ${format.number(value)}`}</title>
            </rect>
          ))}
        </svg>
        <div className={styles['times']} aria-hidden="true">
          <span>{labels[0]}</span>
          <span>{labels[middle]}</span>
          <span>{labels.at(-1)}</span>
        </div>
      </div>
    </figure>
  );
}
