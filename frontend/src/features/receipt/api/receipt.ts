import type { TrailAction } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

export type ReceiptState = 'live' | 'locked' | 'claimed' | 'viewed' | 'burned' | 'expired' | 'ended';

/** One event of a secret. Times are ISO 8601; texts are as the device sent them. */
export interface TimelineEntry {
  action: TrailAction;
  at: string;
  userAgent?: string;
  ipAddress?: string;
  /** Attempts left before the lock, after a failed one. */
  attemptsLeft?: number;
  /** Duration of the lock. */
  until?: string;
  /** Openings left, after this one. */
  viewsLeft?: number;
  by?: 'sender' | 'reader' | 'administrator' | 'system';
  /** Of a secret with recipients: the e-mail address of the person. */
  reader?: string;
  /** Why an attempt failed, when it was not a wrong passphrase. */
  reason?: 'not_recipient';
}

/** State and history of a secret. Times are ISO 8601, sizes bytes. */
export interface Receipt {
  ref: string;
  state: ReceiptState;
  createdAt: string;
  expiresAt: string;
  endedAt?: string;
  kind?: 'text' | 'files';
  size?: number;
  /** Only for files: their number and total bytes. */
  files?: { count: number; bytes: number };
  sealed?: boolean;
  passphraseRequired?: boolean;
  /** Only named recipients can open it. */
  recipientsOnly?: boolean;
  viewsLeft?: number;
  maxViews?: number;
  retryAt?: string;
  /** Oldest first. */
  timeline?: TimelineEntry[];
  /** False while the server cannot read its records: then only the latest is known. */
  timelineComplete?: boolean;
}

/** @throws ApiError */
export async function fetchReceipt(api: ApiClient, token: string, signal?: AbortSignal): Promise<Receipt> {
  const { data } = await api.get<Receipt>(urls.receipt(token), signal ? { signal } : {});
  return data;
}

/** Destroys the secret for every holder of its link. @throws ApiError */
export async function burnByReceipt(api: ApiClient, token: string): Promise<void> {
  await api.delete(urls.receipt(token));
}
