import { useId } from 'react';
import styles from './choice-group.module.css';

interface Choice<T extends string> {
  value: T;
  label: string;
  hint?: string;
}

interface ChoiceGroupProps<T extends string> {
  legend: string;
  options: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
  /** `chips` stand in a row; `lines` are one below the other with a hint each. */
  look?: 'chips' | 'lines';
}

/** Native radio buttons, so the arrow keys work. */
export function ChoiceGroup<T extends string>({
  legend,
  options,
  value,
  onChange,
  look = 'chips',
}: ChoiceGroupProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles['group']} data-look={look}>
      <legend>{legend}</legend>
      <div className={styles['options']}>
        {options.map((option) => (
          <label key={option.value} className={styles['option']}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              aria-describedby={option.hint ? `${name}-${option.value}` : undefined}
            />
            <span className={styles['label']}>{option.label}</span>
            {option.hint && (
              <span id={`${name}-${option.value}`} className={styles['hint']}>
                {option.hint}
              </span>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
