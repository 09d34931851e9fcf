import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '../../../components/ui/choice-group';
import { TextField } from '../../../components/ui/text-field';
import { useFormat } from '../../../lib/hooks/use-format';
import styles from './panel.module.css';

const PRESETS = [1, 2, 3, 5, 10];

interface ViewsPanelProps {
  value: number;
  most: number;
  onChange: (views: number) => void;
}

/** How often the link opens. */
export function ViewsPanel({ value, most, onChange }: ViewsPanelProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const [other, setOther] = useState(!PRESETS.includes(value));
  const presets = PRESETS.filter((views) => views <= most);
  const options = [
    ...presets.map((views) => ({ value: String(views), label: t('views.times', { count: views }) })),
    { value: 'other', label: t('views.other') },
  ];
  const valid = Number.isInteger(value) && value >= 1 && value <= most;
  return (
    <div className={styles['panel']}>
      <ChoiceGroup
        legend={t('views.legend')}
        options={options}
        value={other ? 'other' : String(value)}
        onChange={(chosen) => {
          setOther(chosen === 'other');
          if (chosen !== 'other') onChange(Number(chosen));
        }}
      />
      {other && (
        <div className={styles['number']}>
          <TextField
            label={t('views.number')}
            type="number"
            inputMode="numeric"
            min={1}
            max={most}
            step={1}
            value={Number.isNaN(value) ? '' : value}
            error={valid ? undefined : t('views.range', { most: format.number(most) })}
            onChange={(event) => onChange(event.target.valueAsNumber)}
          />
        </div>
      )}
    </div>
  );
}
