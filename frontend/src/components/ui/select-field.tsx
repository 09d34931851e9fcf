import { type ComponentProps, useId } from 'react';
import styles from './select-field.module.css';

interface SelectFieldProps extends Omit<ComponentProps<'select'>, 'children'> {
  label: string;
  options: readonly { value: string; label: string }[];
}

/** A native select field. */
export function SelectField({ label, options, ...select }: SelectFieldProps) {
  const field = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={field}>{label}</label>
      <select {...select} id={field}>
        {options.map(({ value, label: name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
