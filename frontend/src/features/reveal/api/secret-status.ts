import type { SecretStatus } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

/**
 * Reads the status without changing it.
 * @param claim of a view that this browser has: then others behind the same IP address cannot use up the
 * limit for it
 * @throws ApiError
 */
export async function fetchStatus(
  api: ApiClient,
  id: string,
  { claim, signal }: { claim?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<SecretStatus> {
  const { data } = await api.get<SecretStatus>(urls.secretStatus(id), {
    ...(signal && { signal }),
    ...(claim !== undefined && { headers: { 'X-Claim': claim } }),
  });
  return data;
}
