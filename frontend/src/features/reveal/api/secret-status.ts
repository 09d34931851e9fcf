import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

/** What anyone who holds the link may know without touching the secret. Times are ISO 8601, sizes bytes. */
export interface SecretStatus {
  state: 'live' | 'locked' | 'claimed';
  passphraseRequired: boolean;
  /** Its sender named who may open it; then only they are told anything. */
  recipientsOnly?: boolean;
  sealed: boolean;
  kind: 'text' | 'files';
  size: number;
  /** Only for files: how many, and their bytes together. */
  files?: { count: number; bytes: number };
  viewsLeft: number;
  expiresAt: string;
  retryAt?: string;
  openedAt?: string;
}

/**
 * Looks without touching.
 * @param claim of a view that this browser has: then others behind the same address cannot use up the limit for it
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
