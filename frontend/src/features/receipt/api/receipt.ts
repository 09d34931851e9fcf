import type { Receipt } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

/** @throws ApiError */
export async function fetchReceipt(api: ApiClient, token: string, signal?: AbortSignal): Promise<Receipt> {
  const { data } = await api.get<Receipt>(urls.receipt(token), signal ? { signal } : {});
  return data;
}

/** Destroys the secret for every holder of its link. @throws ApiError */
export async function burnByReceipt(api: ApiClient, token: string): Promise<void> {
  await api.delete(urls.receipt(token));
}
