import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { readFilter } from '../audit-filter';
import { AuditForm } from './audit-form';
import { AuditList } from './audit-list';

/** The trail, searched. What is looked for stands in the address, so that the back button works and a search can be kept. */
export function AuditPart() {
  useTranslation('admin');
  const [query, setQuery] = useSearchParams();
  const key = query.toString();
  const filter = readFilter(query);
  return (
    <AuditList key={key} filter={filter}>
      <AuditForm filter={filter} onSearch={(next) => setQuery({ ...next })} />
    </AuditList>
  );
}
