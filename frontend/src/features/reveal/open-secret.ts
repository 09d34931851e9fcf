import type { ApiClient } from '../../lib/api/client';
import { loadSeal } from '../../lib/seal/load-seal';
import { utf8Length } from '../../lib/text';
import { claims } from './api/claim-store';
import { type Credentials, revealSecret } from './api/reveal-secret';
import type { SecretStatus } from './api/secret-status';
import type { Opened } from './reveal.model';

/** The server gave the sealed file, but it does not open. The file itself is kept for the reader. */
export class UndecryptableError extends Error {
  constructor(readonly file: string) {
    super('the sealed file does not open');
    this.name = 'UndecryptableError';
  }
}

export interface Key {
  id: string;
  linkKey?: Uint8Array | undefined;
  passphrase?: string | undefined;
}

type Progress = (done: number) => void;

/** The keys of a sealed secret; undefined for a server-side one. Loads and computes, but asks the server nothing. */
async function keysOf(status: SecretStatus, key: Key, onProgress?: Progress) {
  if (!status.sealed || !key.linkKey) return undefined;
  const { deriveFromLinkKey } = await loadSeal();
  return deriveFromLinkKey(key.linkKey, key.passphrase, onProgress);
}

/** What proves to the server that the reader holds the link, or knows the passphrase. */
export async function credentialsOf(
  status: SecretStatus,
  key: Key,
  onProgress?: Progress,
): Promise<Credentials> {
  const keys = await keysOf(status, key, onProgress);
  if (keys) return { proof: keys.proof };
  return status.passphraseRequired && key.passphrase ? { passphrase: key.passphrase } : {};
}

/**
 * Takes the view and opens the text in this browser. Everything that can fail before the server is asked, does.
 * @throws ApiError, UndecryptableError
 */
export async function openSecret(
  api: ApiClient,
  status: SecretStatus,
  key: Key,
  onProgress?: Progress,
): Promise<Opened> {
  const keys = await keysOf(status, key, onProgress);
  const credentials = keys ? { proof: keys.proof } : await credentialsOf(status, key);
  const answer = await revealSecret(api, key.id, { ...credentials, claim: claims.take(key.id) });
  const text = answer.sealed ? await unseal(answer.content, keys) : answer.content;
  return {
    text,
    size: utf8Length(text),
    viewsLeft: answer.viewsLeft,
    openedAt: Date.now(),
    ...(answer.leaseExpiresAt ? { leaseEndsAt: Date.parse(answer.leaseExpiresAt) } : {}),
  };
}

async function unseal(file: string, keys: { identity: string } | undefined): Promise<string> {
  if (!keys) throw new UndecryptableError(file);
  const { open } = await loadSeal();
  try {
    return await open(file, keys);
  } catch {
    throw new UndecryptableError(file);
  }
}
