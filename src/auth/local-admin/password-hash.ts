import { ARGON2_COST } from '../../crypto/kdf/passphrase.kdf.js';

/** A parsed password hash. */
export interface PasswordHash {
  /** KiB */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** The text is not a supported hash. The message says what is wrong, and repeats nothing of it. */
export class PasswordHashError extends Error {
  override name = 'PasswordHashError';
}

const EXAMPLE = '$argon2id$v=19$m=47104,t=1,p=1$<salt>$<hash>';
// Numbers without leading zeros, base64 without padding: a hash has one spelling.
const NUMBER = '([1-9][0-9]{0,8})';
const BYTES = '([A-Za-z0-9+/]+)';
const FORM = new RegExp(`^\\$argon2id\\$v=19\\$m=${NUMBER},t=${NUMBER},p=${NUMBER}\\$${BYTES}\\$${BYTES}$`);
const TEXT_MAX = 256;

/** The weakest settings that OWASP lists are m = 7 MiB and m * t = 35,840 KiB. */
const MEMORY_MIN = 7_168;
const WORK_MIN = 35_840;
/** Every attempt to sign in costs this much: one of 256 MiB takes about a second. */
const MEMORY_MAX = 262_144;
const WORK_MAX = 1_048_576;
const PARALLELISM_MAX = 16;
const SALT_BYTES = [16, 64] as const;
const HASH_BYTES = [32, 64] as const;

/** The cost of new hashes: the same as of passphrases. */
export const NEW_HASH = { ...ARGON2_COST, saltBytes: 16, hashBytes: 32 } as const;

/**
 * Reads a hash in the PHC string format, as `admin hash` and the `argon2` command write it.
 * @throws PasswordHashError for another algorithm or version, and for costs that are too low to protect or too high to bear
 */
export function parsePasswordHash(text: string): PasswordHash {
  const found = text.length <= TEXT_MAX ? FORM.exec(text) : null;
  if (!found) throw new PasswordHashError(`must have the form ${EXAMPLE}`);
  const [, m, t, p, salt = '', hashed = ''] = found;
  const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)];
  if (memory < MEMORY_MIN || memory > MEMORY_MAX)
    throw new PasswordHashError(`m must be from ${MEMORY_MIN} to ${MEMORY_MAX} (KiB)`);
  if (memory * passes < WORK_MIN || memory * passes > WORK_MAX)
    throw new PasswordHashError(`m times t must be from ${WORK_MIN} to ${WORK_MAX}`);
  if (parallelism > PARALLELISM_MAX) throw new PasswordHashError(`p must be at most ${PARALLELISM_MAX}`);
  return {
    memory,
    passes,
    parallelism,
    salt: bytesOf('salt', salt, SALT_BYTES),
    hash: bytesOf('hash', hashed, HASH_BYTES),
  };
}

/** The PHC string of a hash. */
export function formatPasswordHash({ memory, passes, parallelism, salt, hash }: PasswordHash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

function bytesOf(what: string, text: string, [least, most]: readonly [number, number]): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (unpadded(bytes) !== text) throw new PasswordHashError(`the ${what} is not base64 without padding`);
  if (bytes.length < least || bytes.length > most)
    throw new PasswordHashError(`the ${what} must be ${least} to ${most} bytes long`);
  return bytes;
}
