import { cryptoConfig, serverConfig, type CryptoConfig, type ServerConfig } from '../config/app.config.js';
import { CryptoModule } from './crypto.module.js';

/** The CryptoModule with the keys of the configuration: one for the whole application, whoever imports it. */
export const configuredCrypto = CryptoModule.forRootAsync({
  inject: [cryptoConfig.KEY, serverConfig.KEY],
  useFactory: (crypto: CryptoConfig, server: ServerConfig) => ({
    ...(crypto.keys !== undefined && { keysSpec: crypto.keys }),
    ...(crypto.keysFile !== undefined && { keysFile: crypto.keysFile }),
    dataDir: server.dataDir,
    production: server.nodeEnv === 'production',
    kdfConcurrency: crypto.kdfConcurrency,
    kdfQueue: crypto.kdfQueue,
  }),
});
