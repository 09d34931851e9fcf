import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { CryptoModule } from '../crypto.module.js';
import { EnvelopeService } from './envelope.service.js';
import { ENVELOPE_V1_OVERHEAD } from './envelope.js';
import { formatKey } from '../keyring/keyring.spec-format.js';
import { KeyringHolder } from '../keyring/keyring.holder.js';
import { PassphraseKdf } from '../kdf/passphrase.kdf.js';
import { ReceiptTokens } from '../kdf/receipt-tokens.js';

const moduleWith = (settings: { keysSpec: string; kdfConcurrency?: number }) =>
  Test.createTestingModule({
    imports: [
      CryptoModule.forRootAsync({
        useFactory: () => ({ ...settings, dataDir: '/nonexistent', production: true }),
      }),
    ],
  }).compile();

describe('the CryptoModule', () => {
  const access = { id: randomBytes(16), ref: randomBytes(16), purpose: Buffer.from('burnbag/text/v1') };

  it('provides everything that the other modules need, made from one key source', async () => {
    const app = await moduleWith({ keysSpec: formatKey(7, randomBytes(32)), kdfConcurrency: 1 });
    expect(app.get(KeyringHolder).current.primary.id).toBe(7);
    expect(app.get(PassphraseKdf)).toBeInstanceOf(PassphraseKdf);
    expect(app.get(ReceiptTokens)).toBeInstanceOf(ReceiptTokens);
    const envelopes = app.get(EnvelopeService);
    const sealed = envelopes.seal({ ...access, plaintext: Buffer.from('hunter2') });
    expect(sealed).toHaveLength(7 + ENVELOPE_V1_OVERHEAD);
    expect(envelopes.kekIdOf(sealed)).toBe(7);
    expect(envelopes.open(sealed, access).toString()).toBe('hunter2');
    expect(envelopes.open(envelopes.rewrap(sealed, access), access).toString()).toBe('hunter2');
  });

  it('does not start without a key, and says what to set', async () => {
    await expect(moduleWith({ keysSpec: '' })).rejects.toThrow(
      /BURNBAG_KEYS="1:\$\(openssl rand -base64 32\)"/,
    );
  });
});
