import { useMutation, useQuery } from '@tanstack/react-query';
import { useApi } from '../../../lib/api/api-context';
import { burnByReceipt, fetchReceipt } from '../api/receipt';

/** The receipt of the secret, and how to burn it. */
export function useReceipt(token: string) {
  const api = useApi();
  const receipt = useQuery({
    queryKey: ['receipt', token],
    queryFn: ({ signal }) => fetchReceipt(api, token, signal),
    gcTime: 0,
  });
  const burn = useMutation({
    mutationFn: () => burnByReceipt(api, token),
    // Whether it worked or was too late is in the receipt.
    onSettled: () => receipt.refetch(),
  });
  return { receipt, burn };
}
