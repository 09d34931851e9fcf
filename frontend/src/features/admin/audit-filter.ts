import { urls } from '../../lib/api/urls';

const AUDIT_FIELDS = ['from', 'to', 'ref', 'actor', 'action', 'address'] as const;
type Field = (typeof AUDIT_FIELDS)[number];

/** The filter. Times are those of `<input type="datetime-local">`, in the reader's own zone. */
export type AuditFilter = Readonly<Partial<Record<Field, string>>>;

/** @param query of the page's URL */
export function readFilter(query: URLSearchParams): AuditFilter {
  const filter: Partial<Record<Field, string>> = {};
  for (const field of AUDIT_FIELDS) {
    const value = query.get(field)?.trim();
    if (value) filter[field] = value;
  }
  return filter;
}

/** Parameters for the server: times as ISO 8601. */
export function filterParams(filter: AuditFilter): Record<string, string> {
  const params: Record<string, string> = { ...filter };
  for (const field of ['from', 'to'] as const) {
    const at = new Date(filter[field] ?? '');
    if (Number.isNaN(at.getTime())) delete params[field];
    else params[field] = at.toISOString();
  }
  return params;
}

/** URL of the export of all that the filter finds. */
export const exportAddress = (filter: AuditFilter, format: 'csv' | 'ndjson'): string =>
  `${urls.admin('audit/export')}?${new URLSearchParams({ format, ...filterParams(filter) }).toString()}`;
