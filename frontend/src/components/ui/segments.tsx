import { type ReactNode, useId } from 'react';
import styles from './segments.module.css';

interface SegmentsProps<T extends string> {
  legend: string;
  value: T;
  options: readonly { value: T; name: string; face: ReactNode }[];
  onChange: (value: T) => void;
}

/** A small switch of two or three; each option has its full name for screen readers and as a tooltip. */
export function Segments<T extends string>({ legend, value, options, onChange }: SegmentsProps<T>) {
  const group = useId();
  return (
    <fieldset className={styles['segments']}>
      <legend className="visually-hidden">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles['segment']} title={option.name}>
          <input
            type="radio"
            name={group}
            value={option.value}
            checked={option.value === value}
            aria-label={option.name}
            onChange={() => onChange(option.value)}
          />
          <span aria-hidden="true">{option.face}</span>
        </label>
      ))}
    </fieldset>
  );
}
