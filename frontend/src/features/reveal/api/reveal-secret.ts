import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

/** What shows the server that the reader may open it: the passphrase, the proof from the link, or neither. */
export interface Credentials {
  passphrase?: string;
  proof?: string;
}

export interface RevealAnswer {
  /** Text, or the manifest of files as JSON; a base64 age file of it when `sealed`. */
  content: string;
  /** Only for files. Bytes of the plaintext together, and of what the server holds. */
  files?: { count: number; bytes: number; payloadBytes: number };
  sealed: boolean;
  viewsLeft: number;
  leaseExpiresAt?: string;
}

/** Takes the view. Safe to repeat with the same claim. @throws ApiError */
export async function revealSecret(
  api: ApiClient,
  id: string,
  request: Credentials & { claim: string },
): Promise<RevealAnswer> {
  const { data } = await api.post<RevealAnswer>(urls.reveal(id), request);
  return data;
}

/** Tells the server that the text arrived, so that it purges its copy now. Idempotent. @throws ApiError */
export async function acknowledgeSecret(api: ApiClient, id: string, claim: string): Promise<void> {
  await api.post(urls.acknowledge(id), { claim });
}

/** Destroys it unread. @throws ApiError */
export async function burnSecret(api: ApiClient, id: string, credentials: Credentials): Promise<void> {
  await api.delete(urls.secret(id), { data: credentials });
}
