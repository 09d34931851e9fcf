import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

export type ReceiptState = 'live' | 'locked' | 'claimed' | 'viewed' | 'burned' | 'expired' | 'ended';

/** What became of a secret. Times are ISO 8601, sizes bytes. */
export interface Receipt {
  ref: string;
  state: ReceiptState;
  createdAt: string;
  expiresAt: string;
  endedAt?: string;
  size?: number;
  sealed?: boolean;
  passphraseRequired?: boolean;
  viewsLeft?: number;
  maxViews?: number;
  retryAt?: string;
  timeline?: { action: 'created' | 'viewed' | 'burned' | 'expired' | 'locked'; at: string }[];
}

/** @throws ApiError */
export async function fetchReceipt(api: ApiClient, token: string, signal?: AbortSignal): Promise<Receipt> {
  const { data } = await api.get<Receipt>(urls.receipt(token), signal ? { signal } : {});
  return data;
}

/** Destroys the secret, whoever has its link. @throws ApiError */
export async function burnByReceipt(api: ApiClient, token: string): Promise<void> {
  await api.delete(urls.receipt(token));
}
