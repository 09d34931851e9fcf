import { text, wholeNumber } from '../config.schema.js';
import { endpointUrl } from '../endpoint-url.js';

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
  vaultAddr: text({
    env: 'VAULT_ADDR',
    doc: 'Vault or OpenBao, whose Transit engine wraps the keys in the key file: the file alone opens nothing.',
    fallback: undefined,
    check: endpointUrl({ schemes: ['http', 'https'], path: 'any' }),
  }),
  vaultToken: text({
    env: 'VAULT_TOKEN',
    doc: 'Its token, with update on encrypt and decrypt of the key below.',
    fallback: undefined,
    secret: true,
  }),
  vaultNamespace: text({
    env: 'VAULT_NAMESPACE',
    doc: 'Its namespace, if it has several.',
    fallback: undefined,
  }),
  vaultMount: text({
    env: 'VAULT_TRANSIT_MOUNT',
    doc: 'Mount path of the Transit engine.',
    fallback: 'transit',
    check: (raw) => (/^[\w-]+(\/[\w-]+)*$/.test(raw) ? undefined : 'must be a path such as transit'),
  }),
  vaultKey: text({
    env: 'VAULT_TRANSIT_KEY',
    doc: "Name of Transit's key; when set, new keys are wrapped by it.",
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
