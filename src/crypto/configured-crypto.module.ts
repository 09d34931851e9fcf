import {
  cryptoConfig,
  serverConfig,
  type CryptoConfig,
  type ServerConfig,
} from '../platform/config/sections/app.config.js';
import { keySourceOf } from './key-source/configured-key-source.js';
import { CryptoModule } from './crypto.module.js';

/** The CryptoModule with the configured keys: one instance for the whole application. */
export const configuredCrypto = CryptoModule.forRootAsync({
  inject: [cryptoConfig.KEY, serverConfig.KEY],
  useFactory: (crypto: CryptoConfig, server: ServerConfig) => ({
    ...keySourceOf(crypto, server),
    kdfConcurrency: crypto.kdfConcurrency,
    kdfQueue: crypto.kdfQueue,
  }),
});
