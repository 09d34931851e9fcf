import type { RevealedSecret } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';
import { leaseEnd } from './lease-end';

/** Credentials of the reader: the passphrase, the proof from the link, or neither. */
export interface Credentials {
  passphrase?: string;
  proof?: string;
}

export interface RevealAnswer extends Omit<RevealedSecret, 'leaseExpiresAt'> {
  /** End of the lease of the claim: milliseconds since 1970 by this device. Undefined without a lease. */
  readonly leaseEndsAt?: number | undefined;
}

/** Takes the view. Safe to repeat with the same claim. @throws ApiError */
export async function revealSecret(
  api: ApiClient,
  id: string,
  request: Credentials & { claim: string },
): Promise<RevealAnswer> {
  const { data, headers } = await api.post<RevealedSecret>(urls.reveal(id), request);
  return { ...data, leaseEndsAt: leaseEnd(data.leaseExpiresAt, headers['date'], Date.now()) };
}

/**
 * Renews the lease of files, without a view or a passphrase.
 * @returns its end: milliseconds since 1970 by this device @throws ApiError `lease_ended` without a lease
 */
export async function renewFiles(api: ApiClient, id: string, claim: string): Promise<number | undefined> {
  const { data, headers } = await api.post<Pick<RevealedSecret, 'leaseExpiresAt'>>(urls.renewFiles(id), {
    claim,
  });
  return leaseEnd(data.leaseExpiresAt, headers['date'], Date.now());
}

/**
 * Confirms to the server that the reader has it, so that it purges its copy now. Idempotent. @throws ApiError
 */
export async function acknowledgeSecret(api: ApiClient, id: string, claim: string): Promise<void> {
  await api.post(urls.acknowledge(id), { claim });
}

/** Destroys it unread. @throws ApiError */
export async function burnSecret(api: ApiClient, id: string, credentials: Credentials): Promise<void> {
  await api.delete(urls.secret(id), { data: credentials });
}
