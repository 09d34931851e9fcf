import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

/** Facts for any holder of the link, without opening the secret. Times are ISO 8601, sizes bytes. */
export interface SecretStatus {
  state: 'live' | 'locked' | 'claimed';
  passphraseRequired: boolean;
  /** It has recipients; then only they get the facts. */
  recipientsOnly?: boolean;
  sealed: boolean;
  kind: 'text' | 'files';
  size: number;
  /** Only for files: their number and total bytes. */
  files?: { count: number; bytes: number };
  viewsLeft: number;
  expiresAt: string;
  retryAt?: string;
  openedAt?: string;
}

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
