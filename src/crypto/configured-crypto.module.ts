import { cryptoConfig, serverConfig, type CryptoConfig, type ServerConfig } from '../config/app.config.js';
import { keySourceOf } from './configured-key-source.js';
import { CryptoModule } from './crypto.module.js';

/** The CryptoModule with the keys of the configuration: one for the whole application, whoever imports it. */
export const configuredCrypto = CryptoModule.forRootAsync({
  inject: [cryptoConfig.KEY, serverConfig.KEY],
  useFactory: (crypto: CryptoConfig, server: ServerConfig) => ({
    ...keySourceOf(crypto, server),
    kdfConcurrency: crypto.kdfConcurrency,
    kdfQueue: crypto.kdfQueue,
  }),
});
