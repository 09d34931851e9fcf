import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { EnvelopeService } from './envelope/envelope.service.js';
import { KeyringHolder } from './keyring/keyring.holder.js';
import { KEY_SOURCE, loadKeyring, type KeySource } from './keyring/keyring.loader.js';
import { DEFAULT_KDF_LIMITS, PassphraseKdf } from './kdf/passphrase.kdf.js';
import { RANDOM_SOURCE, systemRandom } from './random-source.port.js';
import { ReceiptTokens } from './kdf/receipt-tokens.js';

interface CryptoOptions extends KeySource {
  /** @default 2 */
  readonly kdfConcurrency?: number;
  /** @default 64 */
  readonly kdfQueue?: number;
}

export interface CryptoOptionsSource<T extends unknown[]> {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...injected: T) => CryptoOptions | Promise<CryptoOptions>;
}

/** Keys, envelopes, passphrases and receipts. Fails at start, with a KeySourceError, when there is no usable key. */
@Module({})
export class CryptoModule {
  static forRootAsync<T extends unknown[]>({
    imports,
    inject,
    useFactory,
  }: CryptoOptionsSource<T>): DynamicModule {
    return {
      module: CryptoModule,
      imports: imports ?? [],
      providers: [
        { provide: KEY_SOURCE, useFactory, inject: inject ?? [] },
        { provide: RANDOM_SOURCE, useValue: systemRandom },
        {
          provide: KeyringHolder,
          useFactory: async (source: KeySource) => new KeyringHolder(await loadKeyring(source)),
          inject: [KEY_SOURCE],
        },
        { provide: PassphraseKdf, useFactory: passphraseKdf, inject: [KEY_SOURCE] },
        EnvelopeService,
        ReceiptTokens,
      ],
      exports: [KEY_SOURCE, KeyringHolder, EnvelopeService, PassphraseKdf, ReceiptTokens],
    };
  }
}

function passphraseKdf({ kdfConcurrency, kdfQueue }: CryptoOptions): PassphraseKdf {
  const { concurrency, queue } = DEFAULT_KDF_LIMITS;
  return new PassphraseKdf({ concurrency: kdfConcurrency ?? concurrency, queue: kdfQueue ?? queue });
}
