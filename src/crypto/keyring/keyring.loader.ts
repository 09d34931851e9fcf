import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_BYTES } from '../envelope/aead.js';
import { KeySourceError } from '../crypto.errors.js';
import { createKeyFile, readKeyFile } from '../key-source/key-file.js';
import type { KeyProvider } from '../key-source/key-provider.port.js';
import type { Keyring } from './keyring.js';
import { keyringOf, parseEntries, type KeyEntry } from './keyring.spec-format.js';

/** Sources of the keyring. */
export interface KeySource {
  /** The value of BURNBAG_KEYS. */
  readonly keysSpec?: string | undefined;
  /** The path of BURNBAG_KEYS_FILE. */
  readonly keysFile?: string | undefined;
  /** DATA_DIR: where development keeps its generated key file. */
  readonly dataDir: string;
  /** Production generates no key. */
  readonly production: boolean;
  /** Opens the entries that it wrapped. */
  readonly provider?: KeyProvider | undefined;
}

/** Token of the {@link KeySource} that the CryptoModule is given. */
export const KEY_SOURCE = Symbol('KeySource');

const KEY_FILE = 'keys';

/**
 * Loads the keyring from BURNBAG_KEYS, or else a key file, or else (development only) a file that it creates.
 * @throws KeySourceError that says what to set
 */
export async function loadKeyring(source: KeySource): Promise<Keyring> {
  const path = keyFileOf(source);
  if (path === undefined) return openKeyring(source.keysSpec ?? '', 'BURNBAG_KEYS', source.provider);
  if (source.keysFile === undefined && !existsSync(path)) createKeyFile(path);
  return openKeyring(requireKeyFile(path), path, source.provider);
}

/**
 * Path of the key file. It need not exist yet in development.
 * @returns undefined when the keys come from the environment @throws KeySourceError that says what to set
 */
export function keyFileOf({ keysSpec, keysFile, dataDir, production }: KeySource): string | undefined {
  const spec = keysSpec?.trim();
  if (spec && keysFile) throw new KeySourceError('set BURNBAG_KEYS or BURNBAG_KEYS_FILE, not both');
  if (spec) return undefined;
  if (keysFile) return keysFile;
  const path = join(dataDir, KEY_FILE);
  if (production) throw new KeySourceError(missingKey(path));
  return path;
}

/** @returns the text of the key file @throws KeySourceError also when there is none */
export function requireKeyFile(path: string): string {
  const content = readKeyFile(path);
  if (content === undefined) throw new KeySourceError(`the key file ${path} does not exist`);
  return content;
}

/** The keyring of a spec. @param origin names it in messages @throws KeySourceError */
export async function openKeyring(
  spec: string,
  origin: string,
  provider: KeyProvider | undefined,
): Promise<Keyring> {
  const entries = parseEntries(spec, origin);
  if (!provider) return keyringOf(entries, origin);
  return keyringOf(await Promise.all(entries.map((entry) => opened(entry, origin, provider))), origin);
}

async function opened(entry: KeyEntry, origin: string, provider: KeyProvider): Promise<KeyEntry> {
  if (entry.wrapped === undefined) return entry;
  const bytes = await provider.unwrap(entry.wrapped);
  if (bytes.length !== KEY_BYTES) {
    throw new KeySourceError(
      `${origin}: what ${provider.name} opened for key ${entry.id} is not a key of ${KEY_BYTES} bytes`,
    );
  }
  return { ...entry, bytes };
}

function missingKey(developmentFile: string): string {
  const kept = existsSync(developmentFile)
    ? ` To keep the development key, set BURNBAG_KEYS_FILE=${developmentFile}.`
    : '';
  return (
    'no key-encryption key: set BURNBAG_KEYS="1:$(openssl rand -base64 32)", or BURNBAG_KEYS_FILE to a file of mode ' +
    `0400 with that line. Keep it apart from the data: without it no stored secret opens.${kept}`
  );
}
