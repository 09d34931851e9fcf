import { type SecretStatus, utf8Length } from '@burnbag/contract';
import type { ApiClient } from '../../lib/api/client';
import { loadSeal } from '../../lib/seal/load-seal';
import { claims } from './api/claim-store';
import { type Credentials, renewFiles, revealSecret } from './api/reveal-secret';
import { type FileAccess, type Manifest, parseManifest } from './files.model';
import { loadFilesPage } from './load-files-page';
import type { Opened } from './reveal.model';

/** The server gave the sealed file, but it does not open. The file itself is kept for the reader. */
export class UndecryptableError extends Error {
  constructor(readonly file: string) {
    super('the sealed file does not open');
    this.name = 'UndecryptableError';
  }
}

/** The sealed list of files does not open or names no files. */
export class ManifestDamagedError extends Error {
  override readonly name = 'ManifestDamagedError';
}

export interface Key {
  id: string;
  linkKey?: Uint8Array | undefined;
  passphrase?: string | undefined;
}

type Progress = (done: number) => void;

/**
 * The keys of a sealed secret; undefined for a server-side one. Loads and computes, without a request to the
 * API.
 */
async function keysOf(status: SecretStatus, key: Key, onProgress?: Progress) {
  if (!status.sealed || !key.linkKey) return undefined;
  const { deriveFromLinkKey } = await loadSeal();
  return deriveFromLinkKey(key.linkKey, key.passphrase, onProgress);
}

/** Credentials of the reader: the link, or the passphrase. */
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
 * Takes the view and opens the text in this browser. Everything that can fail before the request is done
 * before it.
 * @throws ApiError, UndecryptableError
 */
export async function openSecret(
  api: ApiClient,
  status: SecretStatus,
  key: Key,
  onProgress?: Progress,
): Promise<Opened> {
  if (status.kind === 'files') await loadFilesPage();
  const keys = await keysOf(status, key, onProgress);
  const credentials = keys ? { proof: keys.proof } : await credentialsOf(status, key);
  const request = { ...credentials, claim: claims.take(key.id) };
  const answer = await revealSecret(api, key.id, request);
  const opening = {
    viewsLeft: answer.viewsLeft,
    openedAt: Date.now(),
    leaseEndsAt: answer.leaseEndsAt,
  };
  const opened = answer.sealed ? unseal(answer.content, keys) : answer.content;
  if (!answer.files) {
    const text = await opened;
    return { kind: 'text', text, size: utf8Length(text), ...opening };
  }
  const manifest = await manifestOf(opened);
  const access: FileAccess = {
    id: key.id,
    headers: headersOf(request),
    payloadBytes: answer.files.payloadBytes,
    ...(answer.sealed && keys ? { identity: keys.identity } : {}),
  };
  const renew = () => renewFiles(api, key.id, request.claim);
  return { kind: 'files', manifest, access, renew, size: answer.files.bytes, ...opening };
}

async function manifestOf(opened: Promise<string> | string): Promise<Manifest> {
  try {
    const manifest = parseManifest(await opened);
    if (manifest) return manifest;
  } catch (error) {
    if (!(error instanceof UndecryptableError)) throw error;
  }
  throw new ManifestDamagedError('the list of the files does not open');
}

/**
 * Headers of a download, instead of a body. A header would lose a passphrase's outer spaces, so it is
 * encoded.
 */
function headersOf({ claim, passphrase, proof }: Credentials & { claim: string }): Record<string, string> {
  return {
    'X-Claim': claim,
    ...(proof ? { 'X-Proof': proof } : {}),
    ...(passphrase ? { 'X-Passphrase-Encoded': encodeURIComponent(passphrase.toWellFormed()) } : {}),
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
