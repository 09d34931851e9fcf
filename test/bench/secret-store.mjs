/** The portal's own store of secrets on a Redis, without the portal: what the floor and the populations are made with. */
import { randomBytes } from 'node:crypto';

import { configuredTarget } from '../../dist/platform/config/redis-target.js';
import { parseKeyring } from '../../dist/crypto/keyring/keyring.spec-format.js';
import { createClient } from '../../dist/redis/client/client.js';
import { reach } from '../../dist/redis/client/server.connection.js';
import { ScriptRunner } from '../../dist/redis/script/script-runner.js';
import { RedisSecretStore } from '../../dist/secrets/record/redis-secret.store.js';

const SECRETS = {
  claimLeaseSeconds: 60,
  tombstoneTtlSeconds: 86_400,
  passphraseAttempts: 5,
  passphraseLockSeconds: 900,
};
const FILES = { leaseSeconds: 600, leaseMaxSeconds: 86_400, downloadMinRate: 1 };
const UNBOUNDED = 1e9;

/**
 * @param {string} url of one server
 * @param {{keys?: string, observe?: (script: string, seconds: number) => void}} options `keys`: as BURNBAG_KEYS, @default new ones
 */
export async function storeOn(
  url,
  { keys = `1:${randomBytes(32).toString('base64')}`, observe = () => {} } = {},
) {
  const client = createClient(configuredTarget({ mode: 'single', url }), () => {});
  await reach(client);
  const scripts = new ScriptRunner(client, true, observe);
  const keyring = parseKeyring(keys);
  const redis = { run: (script, named, values) => scripts.run(script, named, values) };
  return { client, keyring, store: new RedisSecretStore(redis, SECRETS, FILES, keyring, UNBOUNDED) };
}
