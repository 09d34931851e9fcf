import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import type { ApiClient } from '../../../lib/api/client';
import type { PageOf } from '../api/admin.types';

type FetchPage<Row> = (
  api: ApiClient,
  cursor: string | undefined,
  signal: AbortSignal,
) => Promise<PageOf<Row>>;

/**
 * One page of a list at a time. Remembers previous cursors, since a cursor only leads forward.
 * @param key of the list and its filter: another one begins at the first page when the component is remounted
 */
export function usePages<Row>(key: readonly unknown[], fetchPage: FetchPage<Row>) {
  const api = useApi();
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const query = useQuery({
    queryKey: ['admin', ...key, cursor],
    queryFn: ({ signal }) => fetchPage(api, cursor, signal),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const next = query.data?.nextCursor;
  return {
    query,
    /** From 1. */
    number: cursors.length + 1,
    onNext: next && !query.isPlaceholderData ? () => setCursors([...cursors, next]) : undefined,
    onBack: cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : undefined,
  };
}
