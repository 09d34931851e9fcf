import type { IssueToken } from '@burnbag/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useApi } from '../../../lib/api/api-context';
import { createToken, fetchTokens, revokeToken } from '../api/tokens';

/** One's own tokens, and the ways to make and end one. */
export function useTokens() {
  const api = useApi();
  const tokens = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => fetchTokens(api, signal),
    gcTime: 0,
  });
  const create = useMutation({
    mutationFn: (token: IssueToken) => createToken(api, token),
    onSuccess: () => tokens.refetch(),
  });
  const revoke = useMutation({
    mutationFn: (id: string) => revokeToken(api, id),
    // Whether it worked or was gone already: the list knows.
    onSettled: () => tokens.refetch(),
  });
  return { tokens, create, revoke };
}
