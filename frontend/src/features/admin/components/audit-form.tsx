import { TRAIL_ACTIONS } from '@burnbag/contract';
import { Search } from 'lucide-react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '../../../components/ui/button';
import { SelectField } from '../../../components/ui/select-field';
import { TextField } from '../../../components/ui/text-field';
import { type AuditFilter, exportAddress, readFilter } from '../audit-filter';
import styles from './audit-section.module.css';

interface AuditFormProps {
  filter: AuditFilter;
  onSearch: (filter: AuditFilter) => void;
}

export function AuditForm({ filter, onSearch }: AuditFormProps) {
  const { t } = useTranslation('admin');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]);
    onSearch(readFilter(new URLSearchParams(fields)));
  };
  const field = (name: 'ref' | 'actor' | 'address') => (
    <TextField
      label={t(`audit.${name}`)}
      name={name}
      defaultValue={filter[name] ?? ''}
      autoComplete="off"
      spellCheck={false}
    />
  );
  const anything = { value: '', label: t('audit.anything') };
  const actions = TRAIL_ACTIONS.map((value) => ({ value, label: t(`event.${value}`) }));
  return (
    <form role="search" className={styles['form']} aria-label={t('audit.search')} onSubmit={submit}>
      <div className={styles['fields']}>
        <TextField
          label={t('audit.from')}
          name="from"
          type="datetime-local"
          defaultValue={filter.from ?? ''}
        />
        <TextField label={t('audit.to')} name="to" type="datetime-local" defaultValue={filter.to ?? ''} />
        <SelectField
          label={t('audit.action')}
          name="action"
          defaultValue={filter.action ?? ''}
          options={[anything, ...actions]}
        />
        {field('ref')}
        {field('actor')}
        {field('address')}
      </div>
      <div className={styles['buttons']}>
        <Button look="ink" type="submit" icon={<Search size={18} aria-hidden />}>
          {t('audit.search')}
        </Button>
        <Button onClick={() => onSearch({})}>{t('audit.clear')}</Button>
        <span className={styles['export']}>
          <ButtonLink look="quiet" href={exportAddress(filter, 'csv')} download>
            {t('audit.csv')}
          </ButtonLink>
          <ButtonLink look="quiet" href={exportAddress(filter, 'ndjson')} download>
            {t('audit.ndjson')}
          </ButtonLink>
        </span>
      </div>
    </form>
  );
}
