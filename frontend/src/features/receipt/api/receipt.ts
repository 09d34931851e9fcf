import type { TrailAction } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

export type ReceiptState = 'live' | 'locked' | 'claimed' | 'viewed' | 'burned' | 'expired' | 'ended';

/** One event in the life of a secret. Times are ISO 8601; texts are as the device sent them. */
export interface TimelineEntry {
  action: TrailAction;
  at: string;
  userAgent?: string;
  ipAddress?: string;
  /** Tries before the lock, after a failed one. */
  attemptsLeft?: number;
  /** How long it is locked. */
  until?: string;
  /** Openings left, after this one. */
  viewsLeft?: number;
  by?: 'sender' | 'reader' | 'administrator' | 'system';
  /** Of a secret for certain people: the address of the one who did it. */
  reader?: string;
  /** Why a try failed, where it was no wrong passphrase. */
  reason?: 'not_recipient';
}

/** What became of a secret. Times are ISO 8601, sizes bytes. */
export interface Receipt {
  ref: string;
  state: ReceiptState;
  createdAt: string;
  expiresAt: string;
  endedAt?: string;
  kind?: 'text' | 'files';
  size?: number;
  /** Only for files: how many, and their bytes together. */
  files?: { count: number; bytes: number };
  sealed?: boolean;
  passphraseRequired?: boolean;
  /** Only the people whom the sender named can open it. */
  recipientsOnly?: boolean;
  viewsLeft?: number;
  maxViews?: number;
  retryAt?: string;
  /** Oldest first. */
  timeline?: TimelineEntry[];
  /** False while the server cannot reach its records: then only the latest is known. */
  timelineComplete?: boolean;
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
