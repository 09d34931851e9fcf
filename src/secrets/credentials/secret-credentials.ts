import { hash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { KdfBusyError } from '../../crypto/crypto.errors.js';
import { PassphraseKdf } from '../../crypto/kdf/passphrase.kdf.js';
import { passphraseBusy } from '../secrets.errors.js';

/**
 * Derived from a passphrase or proof: the stored verifier and, for passphrases, a share of the content key.
 */
export interface GuardKey {
  readonly verifier: Buffer | undefined;
  readonly passphraseKey: Buffer | undefined;
}

const NOTHING: GuardKey = { verifier: undefined, passphraseKey: undefined };

/** Derives the stored form of a passphrase or a proof. */
@Injectable()
export class SecretCredentials {
  constructor(private readonly kdf: PassphraseKdf) {}

  /** @param id 16 bytes @param client see clientOf */
  forCreation(
    dto: { passphrase?: string; proofHash?: string },
    id: Buffer,
    client?: string,
  ): GuardKey | Promise<GuardKey> {
    if (dto.passphrase !== undefined) return this.fromPassphrase(dto.passphrase, id, client);
    if (dto.proofHash === undefined) return NOTHING;
    return { verifier: Buffer.from(dto.proofHash, 'base64url'), passphraseKey: undefined };
  }

  /** @param id 16 bytes @param client see clientOf */
  forOpening(
    dto: { passphrase?: string; proof?: string },
    id: Buffer,
    client?: string,
  ): GuardKey | Promise<GuardKey> {
    if (dto.proof !== undefined) {
      return {
        verifier: hash('sha256', Buffer.from(dto.proof, 'base64url'), 'buffer'),
        passphraseKey: undefined,
      };
    }
    return dto.passphrase === undefined ? NOTHING : this.fromPassphrase(dto.passphrase, id, client);
  }

  private async fromPassphrase(passphrase: string, id: Buffer, client?: string): Promise<GuardKey> {
    try {
      return await this.kdf.derive(passphrase, id, client);
    } catch (error) {
      if (error instanceof KdfBusyError) throw passphraseBusy();
      throw error;
    }
  }
}
