import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '../../../components/ui/choice-group';
import { TextField } from '../../../components/ui/text-field';
import { useFormat } from '../../../lib/hooks/use-format';
import styles from './panel.module.css';

const PRESETS = [300, 3_600, 86_400, 259_200, 604_800, 2_592_000];
const UNITS = { minutes: 60, hours: 3_600, days: 86_400 } as const;
type Unit = keyof typeof UNITS;

/** The largest unit that gives a whole number. */
const unitOf = (seconds: number): Unit =>
  (['days', 'hours'] as const).find((unit) => seconds >= UNITS[unit] && seconds % UNITS[unit] === 0) ??
  'minutes';

interface ExpiryPanelProps {
  /** Seconds. */
  value: number;
  most: number;
  onChange: (seconds: number) => void;
}

/** Lifetime of the link. */
export function ExpiryPanel({ value, most, onChange }: ExpiryPanelProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const id = useId();
  const [other, setOther] = useState(!PRESETS.includes(value));
  const [unit, setUnit] = useState<Unit>(() => unitOf(value));
  const amount = value / UNITS[unit];
  const valid = Number.isInteger(value) && value >= 1 && value <= most;
  const options = [
    ...PRESETS.filter((seconds) => seconds <= most).map((seconds) => ({
      value: String(seconds),
      label: format.duration(seconds),
    })),
    { value: 'other', label: t('expiry.other') },
  ];
  return (
    <div className={styles['panel']}>
      <ChoiceGroup
        legend={t('expiry.legend')}
        options={options}
        value={other ? 'other' : String(value)}
        onChange={(chosen) => {
          setOther(chosen === 'other');
          if (chosen === 'other') setUnit(unitOf(value));
          else onChange(Number(chosen));
        }}
      />
      {other && (
        <div className={styles['number']}>
          <TextField
            label={t('expiry.amount')}
            type="number"
            inputMode="numeric"
            min={1}
            step={1}
            value={Number.isNaN(amount) ? '' : amount}
            error={valid ? undefined : t('expiry.range', { most: format.duration(most) })}
            onChange={(event) => onChange(event.target.valueAsNumber * UNITS[unit])}
          />
          <div className={styles['select']}>
            <label htmlFor={id}>{t('expiry.unit')}</label>
            <select
              id={id}
              value={unit}
              onChange={(event) => {
                const next = event.target.value as Unit;
                setUnit(next);
                onChange(amount * UNITS[next]);
              }}
            >
              <option value="minutes">{t('expiry.minutes')}</option>
              <option value="hours">{t('expiry.hours')}</option>
              <option value="days">{t('expiry.days')}</option>
            </select>
          </div>
        </div>
      )}
    </div>
  );
}
