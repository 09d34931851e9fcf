import { text, wholeNumber } from './config.schema.js';

/** Keys and the passphrase function. */
export const cryptoArea = {
  keys: text({
    env: 'BURNBAG_KEYS',
    doc: 'Key-encryption keys, id:base64 of 32 bytes, comma separated; the last one seals (openssl rand -base64 32).',
    fallback: undefined,
  }),
  keysFile: text({
    env: 'BURNBAG_KEYS_FILE',
    doc: 'The same in a file that only its owner can read (mode 0400).',
    fallback: undefined,
  }),
  kdfConcurrency: wholeNumber({
    env: 'PASSPHRASE_KDF_CONCURRENCY',
    doc: 'Argon2id runs at the same time (46 MiB of memory each).',
    fallback: 2,
    min: 1,
    max: 64,
  }),
  kdfQueue: wholeNumber({
    env: 'PASSPHRASE_KDF_QUEUE',
    doc: 'Argon2id runs that may wait; further ones are answered 503 at once.',
    fallback: 64,
    min: 0,
    max: 10_000,
  }),
};
