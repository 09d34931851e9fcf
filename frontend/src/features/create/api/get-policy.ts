import { DEFAULT_POLICY, type Policy } from '@burnbag/contract';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../lib/api/api-context';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

async function fetchPolicy(api: ApiClient): Promise<Policy> {
  const { data } = await api.get<Partial<Policy>>(urls.policy());
  return { ...DEFAULT_POLICY, ...data };
}

/** The policy; the default one until it has arrived. The server checks in any case. */
export function usePolicy(): Policy {
  const api = useApi();
  const { data } = useQuery({ queryKey: ['policy'], queryFn: () => fetchPolicy(api), staleTime: Infinity });
  return data ?? DEFAULT_POLICY;
}
