import type { CryptoConfig, ServerConfig } from '../../platform/config/sections/app.config.js';
import type { KeyProvider } from './key-provider.port.js';
import type { KeySource } from '../keyring/keyring.loader.js';
import { VaultTransit } from './vault-transit.provider.js';

/** Source of the keys by the configuration. */
export function keySourceOf(crypto: CryptoConfig, server: ServerConfig): KeySource {
  return {
    keysSpec: crypto.keys,
    keysFile: crypto.keysFile,
    dataDir: server.dataDir,
    production: server.nodeEnv === 'production',
    provider: providerOf(crypto),
  };
}

function providerOf(crypto: CryptoConfig): KeyProvider | undefined {
  const { vaultAddr: address, vaultToken: token, vaultKey: key, vaultMount: mount } = crypto;
  if (address === undefined || token === undefined || key === undefined) return undefined;
  return new VaultTransit({ address, token, key, mount, namespace: crypto.vaultNamespace });
}
