import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { readFilter } from '../audit-filter';
import { AuditForm } from './audit-form';
import { AuditList } from './audit-list';

/**
 * Search of the trail. The filter is in the URL, so that the back button works and a search can be
 * bookmarked.
 */
export function AuditSection() {
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
