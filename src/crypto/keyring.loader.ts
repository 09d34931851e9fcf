import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KeySourceError } from './crypto.errors.js';
import { createKeyFile, readKeyFile } from './key-file.js';
import type { Keyring } from './keyring.js';
import { parseKeyring } from './keyring.spec-format.js';

/** Where the keyring comes from. */
export interface KeySource {
  /** The value of BURNBAG_KEYS. */
  readonly keysSpec?: string | undefined;
  /** The path of BURNBAG_KEYS_FILE. */
  readonly keysFile?: string | undefined;
  /** DATA_DIR: where development keeps the key file that it makes. */
  readonly dataDir: string;
  /** Production makes no key of its own. */
  readonly production: boolean;
}

/** Token of the {@link KeySource} that the CryptoModule is given. */
export const KEY_SOURCE = Symbol('KeySource');

const KEY_FILE = 'keys';

/**
 * Loads the keyring from BURNBAG_KEYS, or else a key file, or else (development only) a file that it creates.
 * @throws KeySourceError that says what to set
 */
export function loadKeyring({ keysSpec, keysFile, dataDir, production }: KeySource): Keyring {
  const spec = keysSpec?.trim();
  if (spec && keysFile) throw new KeySourceError('set BURNBAG_KEYS or BURNBAG_KEYS_FILE, not both');
  if (spec) return parseKeyring(spec);
  if (keysFile) return parseKeyring(required(keysFile), keysFile);
  const path = join(dataDir, KEY_FILE);
  if (production) throw new KeySourceError(missingKey(path));
  if (!existsSync(path)) createKeyFile(path);
  return parseKeyring(required(path), path);
}

function required(path: string): string {
  const content = readKeyFile(path);
  if (content === undefined) throw new KeySourceError(`the key file ${path} does not exist`);
  return content;
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
